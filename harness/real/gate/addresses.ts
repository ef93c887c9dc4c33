import { type AnswerBody, APIS, type Body } from '../../kafka/index.ts'
import { type Address, type Exchange, type ExchangeOf, type Gatekeeper, isOf } from './exchange.ts'

const SINGLE_COORDINATOR_BELOW = 4
const KNOWN = new Map(Object.values(APIS).map((api) => [api.key, api]))

/**
 * The answer as this process is to see it: brokers stand under the addresses by which it reaches
 * them, whatever they advertise, and ApiVersions offers no version that the gate can't read. Null
 * where nothing is to be changed.
 */
export function rewrittenAnswer(exchange: Exchange, keeper: Gatekeeper): Body | null {
  const at = (broker: number): Address => keeper.addressOf(exchange.process, broker)
  if (exchange.answer === null) return null
  if (isOf(exchange, 'ApiVersions'))
    return { ...exchange.answer, apiKeys: exchange.answer?.apiKeys.flatMap(known) }
  if (isOf(exchange, 'Metadata'))
    return {
      ...exchange.answer,
      brokers: exchange.answer?.brokers.map((each) => placed(each, each.nodeId, at)),
    }
  if (isOf(exchange, 'DescribeCluster'))
    return {
      ...exchange.answer,
      brokers: exchange.answer?.brokers.map((each) => placed(each, each.brokerId, at)),
    }
  if (isOf(exchange, 'FindCoordinator')) return withCoordinators(exchange, at, keeper)
  return isOf(exchange, 'Fetch') || isOf(exchange, 'Produce') ? withLeaders(exchange.answer, at) : null
}

type At = (broker: number) => Address

function withCoordinators(
  { version, answer }: ExchangeOf<'FindCoordinator'>,
  at: At,
  keeper: Gatekeeper,
): Body | null {
  if (answer === null) return null
  if (version < SINGLE_COORDINATOR_BELOW) return placed(answer, answer.nodeId, at)
  return {
    ...answer,
    coordinators: keeper.sought(answer).map((each) => placed(each, each.nodeId, at)),
  }
}

function withLeaders(answer: AnswerBody<'Fetch'> | AnswerBody<'Produce'> | null, at: At): Body | null {
  if (answer === null || answer.nodeEndpoints.length === 0) return null
  return { ...answer, nodeEndpoints: answer.nodeEndpoints.map((each) => placed(each, each.nodeId, at)) }
}

type Offered = AnswerBody<'ApiVersions'>['apiKeys'][number]

function known(offered: Offered): Offered[] {
  const api = KNOWN.get(offered.apiKey)
  return api === undefined ? [] : [{ ...offered, maxVersion: Math.min(offered.maxVersion, api.max) }]
}

/** Under its address here; what names no broker stays as it is. */
function placed<Each extends { readonly host: string }>(each: Each, broker: number, at: At): Each {
  return broker < 0 || each.host === '' ? each : { ...each, ...at(broker) }
}
