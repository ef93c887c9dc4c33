import { NO_EPOCH, NO_PRODUCER, NO_PRODUCER_ID } from '../txn/transaction.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'
import { fencedAs } from './join-transaction.ts'

const FENCED_FROM = 4

/**
 * InitProducerId (22), versions 0 to 5. Without a transactional id: a new id with epoch 0, whatever
 * the client had before. With one: KAFKA.md X1, X2. Before version 4 PRODUCER_FENCED is
 * INVALID_PRODUCER_EPOCH (KIP-588).
 */
export const initProducerId = served('InitProducerId')({
  min: 0,
  max: 5,
  handler: (context) => ({
    apply: (answer) => init(context, answer),
    refuse: (error) => ({ errorCode: code(error), ...NO_PRODUCER }),
  }),
})

function init(
  { cluster, broker, body, version, peer }: RequestContext<'InitProducerId'>,
  answer: (body: AnswerDraft<'InitProducerId'>) => void,
): void {
  const { transactionalId, transactionTimeoutMs: timeoutMs } = body
  const { producerId, producerEpoch } = body
  const fail = (error: string): void => answer({ errorCode: code(error), ...NO_PRODUCER })
  if ((producerId === NO_PRODUCER_ID) !== (producerEpoch === NO_EPOCH)) return fail('INVALID_REQUEST')
  if (transactionalId === null)
    return answer({ errorCode: 0, producerId: cluster.newProducerId(), producerEpoch: 0 })
  if (transactionalId === '') return fail('INVALID_REQUEST')
  const expected = producerId === NO_PRODUCER_ID ? null : { producerId, producerEpoch }
  const asking = { transactionalId, broker: broker.id, process: peer.process, timeoutMs, expected }
  cluster.transactions.of(asking.transactionalId).initProducerId(asking, (error, producer) => {
    answer({ errorCode: code(fencedAs(error, { since: FENCED_FROM, version })), ...producer })
  })
}
