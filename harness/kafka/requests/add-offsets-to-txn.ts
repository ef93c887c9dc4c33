import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import { code, served } from './handler.ts'
import { fencedAs } from './join-transaction.ts'

const FENCED_FROM = 2

/**
 * AddOffsetsToTxn (25), versions 0 to 4: the group's partition of `__consumer_offsets` (KAFKA.md
 * X2).
 */
export const addOffsetsToTxn = served('AddOffsetsToTxn')({
  min: 0,
  max: 4,
  handler: ({ cluster, broker, body, version, peer }) => ({
    apply: (answer) => {
      const { groupId, ...producer } = body
      if (body.transactionalId === '') return answer({ errorCode: code('INVALID_REQUEST') })
      const partition = cluster.coordinators.partitionOf(groupId)
      cluster.transactions
        .of(body.transactionalId)
        .addPartitions(
          { ...producer, broker: broker.id, process: peer.process },
          [{ topic: OFFSETS_TOPIC, partition }],
          (error) => answer({ errorCode: code(fencedAs(error, { since: FENCED_FROM, version })) }),
        )
    },
    refuse: (error) => ({ errorCode: code(error) }),
  }),
})
