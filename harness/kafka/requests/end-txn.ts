import { NO_PRODUCER } from '../txn/transaction.ts'
import { code, served } from './handler.ts'
import { fencedAs } from './join-transaction.ts'

const FENCED_FROM = 2
const EPOCH_RAISED_FROM = 5

/**
 * EndTxn (26), versions 0 to 5 (KAFKA.md X2, X3): answered when the decision is durable, markers
 * follow. From version 5 on the transaction is one of version 2, and the answer has the epoch of
 * the next one (KIP-890, X9).
 */
export const endTxn = served('EndTxn')({
  min: 0,
  max: 5,
  handler: ({ cluster, broker, body, version, peer }) => ({
    apply: (answer) => {
      const { committed, ...producer } = body
      if (body.transactionalId === '') return answer({ errorCode: code('INVALID_REQUEST'), ...NO_PRODUCER })
      cluster.transactions.of(body.transactionalId).end(
        {
          ...producer,
          broker: broker.id,
          process: peer.process,
          outcome: committed ? 'commit' : 'abort',
          version: version >= EPOCH_RAISED_FROM ? 2 : 0,
        },
        (error, next) =>
          answer({ errorCode: code(fencedAs(error, { since: FENCED_FROM, version })), ...next }),
      )
    },
    refuse: (error) => ({ errorCode: code(error), ...NO_PRODUCER }),
  }),
})
