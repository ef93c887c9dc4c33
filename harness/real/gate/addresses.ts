import { APIS, type Body } from '../../kafka/index.ts'
import type { Address, Exchange, Gatekeeper } from './exchange.ts'

const SINGLE_COORDINATOR_BELOW = 4
const KNOWN = new Map(Object.values(APIS).map((api) => [api.key, api]))

/**
 * The answer as this process is to see it: brokers stand under the addresses by which it reaches
 * them, whatever they advertise, and ApiVersions offers no version that the gate can't read. Null
 * where nothing is to be changed.
 */
export function rewrittenAnswer(
  { api, version, process, answer }: Exchange,
  keeper: Gatekeeper,
): Body | null {
  if (answer === null) return null
  const at = (broker: number): Address => keeper.addressOf(process, broker)
  switch (api) {
    case 'ApiVersions':
      return { ...answer, apiKeys: (answer['apiKeys'] as Body[]).flatMap(known) }
    case 'Metadata':
      return { ...answer, brokers: placed(answer['brokers'], 'nodeId', at) }
    case 'DescribeCluster':
      return { ...answer, brokers: placed(answer['brokers'], 'brokerId', at) }
    case 'FindCoordinator':
      return version < SINGLE_COORDINATOR_BELOW
        ? (placed([answer], 'nodeId', at)[0] ?? null)
        : { ...answer, coordinators: placed(answer['coordinators'], 'nodeId', at) }
    case 'Fetch':
    case 'Produce': {
      const nodeEndpoints = placed(answer['nodeEndpoints'], 'nodeId', at)
      return nodeEndpoints.length === 0 ? null : { ...answer, nodeEndpoints }
    }
    default:
      return null
  }
}

function known(offered: Body): Body[] {
  const api = KNOWN.get(offered['apiKey'] as number)
  if (api === undefined) return []
  return [{ ...offered, maxVersion: Math.min(offered['maxVersion'] as number, api.max) }]
}

function placed(list: unknown, id: string, at: (broker: number) => Address): Body[] {
  return ((list ?? []) as Body[]).map((each) => {
    const broker = each[id] as number
    return broker < 0 || each['host'] === '' ? each : { ...each, ...at(broker) }
  })
}
