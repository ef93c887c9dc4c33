import { type AnswerDraft, apiError, type ElementOf, errorFields } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

const GROUP = 0
const TRANSACTION = 1
const SEVERAL_FROM = 4

/** The answer of versions before 4, and what later ones say of each key. */
type FoundCoordinator = Omit<ElementOf<AnswerDraft<'FindCoordinator'>['coordinators']>, 'key'>

/**
 * FindCoordinator (10), versions 0 to 6: of a group, or of a transactional id; from version 4 on of
 * several at once (KIP-699). Version 6 is for share groups, which these brokers do not have.
 */
export const findCoordinator = servedAtOnce('FindCoordinator')({
  min: 0,
  max: 6,
  apply: (context) => each(context, (key) => find(context, key)),
  refuse: (context, errorCode) => each(context, () => nobody(errorCode)),
})

function each(
  { body, version }: RequestContext<'FindCoordinator'>,
  answer: (key: string) => FoundCoordinator,
): AnswerDraft<'FindCoordinator'> {
  if (version < SEVERAL_FROM) {
    const found = answer(body.key)
    // Kafka's text where there is no error; from version 4 on the empty text.
    return found.errorCode === 0 ? { ...found, errorMessage: 'NONE' } : found
  }
  return { coordinators: body.coordinatorKeys.map((key) => ({ key, ...answer(key) })) }
}

function find(
  { cluster, body: { keyType } }: RequestContext<'FindCoordinator'>,
  key: string,
): FoundCoordinator {
  if (keyType !== GROUP && keyType !== TRANSACTION)
    return { ...NOBODY, ...errorFields(apiError('INVALID_REQUEST')) }
  const { log } = keyType === GROUP ? cluster.coordinators : cluster.transactions
  if (!log.sought()) return nobody(code('COORDINATOR_NOT_AVAILABLE'))
  const id = keyType === GROUP ? cluster.coordinators.brokerOf(key) : cluster.transactions.brokerOf(key)
  const address = cluster.brokers.find((broker) => broker.id === id)
  if (address === undefined) return nobody(code('COORDINATOR_NOT_AVAILABLE'))
  return { errorCode: 0, errorMessage: '', nodeId: address.id, host: address.host, port: address.port }
}

const NOBODY = { nodeId: -1, host: '', port: -1 }

function nobody(errorCode: number): FoundCoordinator {
  return { errorCode, errorMessage: null, ...NOBODY }
}
