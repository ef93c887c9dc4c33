import { commitRefusal } from '../group/commit-refusal.ts'
import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import { answerEach, commitOffsets, isKnown } from './commit-offsets.ts'
import { code, type RequestContext, served } from './handler.ts'
import { joinTransaction } from './join-transaction.ts'

const LOADING_KNOWN_FROM = 2
const MEMBERS_FROM = 3
const ABORTABLE_FROM = 4
const IMPLICIT_FROM = 5

/**
 * TxnOffsetCommit (28), versions 0 to 5: offsets that count when their transaction is committed
 * (KAFKA.md X7). From version 3 on the group's generation and member are checked (X8); before,
 * nothing fences a consumer's zombie but the producer's epoch. From version 5 on the group joins
 * the transaction by itself (KIP-890, X9).
 */
export const txnOffsetCommit = served('TxnOffsetCommit')({
  min: 0,
  max: 5,
  handler: (context) => ({
    apply: (answer) => {
      const {
        topics,
        memberId,
        generationId: generation,
        producerId: id,
        producerEpoch: epoch,
      } = context.body
      // Brokers look at topics before they ask the group, and nobody is asked about nothing.
      const asks = topics.some(({ name, partitions }) =>
        partitions.some(({ partitionIndex }) => isKnown(context, name, partitionIndex)),
      )
      const ordinal = context.ordinal()
      const by = { memberId, generation, producer: { id, epoch } }
      const commit = (refusal: string | null): void =>
        commitOffsets(context, { by, ordinal, refusal, retentionMs: null }, answer)
      if (asks) whenJoined(context, commit)
      else commit(null)
    },
    refuse: (error) => answerEach(context, () => code(error)),
  }),
})

/** @param joined with what is wrong with the whole request, or null */
function whenJoined(
  context: RequestContext<'TxnOffsetCommit'>,
  joined: (refusal: string | null) => void,
): void {
  const { cluster, body, version, peer } = context
  const { groupId, transactionalId, producerId, producerEpoch } = body
  const refusal = coordinatorRefusal(context) ?? memberRefusal(context)
  if (refusal !== null) return joined(refusal)
  const { transactionalOffsets } = cluster
  const checked = (): void => {
    const fenced = transactionalOffsets.isFenced(groupId, producerId, producerEpoch)
    joined(fenced ? 'INVALID_PRODUCER_EPOCH' : null)
  }
  if (transactionalOffsets.isOpen(groupId, producerId, producerEpoch)) return checked()
  const partition = { topic: OFFSETS_TOPIC, partition: cluster.coordinators.partitionOf(groupId) }
  let waited = false
  joinTransaction(
    cluster,
    { transactionalId, producerId, producerEpoch, process: peer.process },
    {
      partitions: [partition],
      adds: version >= IMPLICIT_FROM,
      knowsAbortable: version >= ABORTABLE_FROM,
    },
    (refusalOf) => {
      const error = refusalOf(partition)
      if (error !== null) return joined(error === 'NOT_ENOUGH_REPLICAS' ? 'COORDINATOR_NOT_AVAILABLE' : error)
      // The group may have moved on meanwhile.
      const late = waited ? (coordinatorRefusal(context) ?? memberRefusal(context)) : null
      if (late === null) checked()
      else joined(late)
    },
  )
  waited = true
}

function coordinatorRefusal({
  cluster,
  broker,
  body,
  version,
}: RequestContext<'TxnOffsetCommit'>): string | null {
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  return refusal === 'COORDINATOR_LOAD_IN_PROGRESS' && version < LOADING_KNOWN_FROM
    ? 'COORDINATOR_NOT_AVAILABLE'
    : refusal
}

function memberRefusal({ cluster, body, version }: RequestContext<'TxnOffsetCommit'>): string | null {
  if (version < MEMBERS_FROM) return null
  const { groupId, generationId, memberId, groupInstanceId } = body
  const group = cluster.coordinators.of(groupId).group(groupId)
  const error = commitRefusal(group, {
    memberId,
    groupInstanceId,
    generation: generationId,
    transactional: true,
  })
  return error === 'STALE_MEMBER_EPOCH' ? 'ILLEGAL_GENERATION' : error
}
