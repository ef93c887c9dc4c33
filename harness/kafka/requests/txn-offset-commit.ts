import { OFFSETS_TOPIC } from '../group/offsets-topic.ts'
import type { Body } from '../wire/index.ts'
import { code, handle, type RequestContext, type Served } from './handler.ts'
import { joinTransaction } from './join-transaction.ts'
import { withError } from './offset-commit.ts'

interface Request {
  readonly transactionalId: string
  readonly groupId: string
  readonly producerId: bigint
  readonly producerEpoch: number
  /** These three from version 3 on (KIP-447). */
  readonly generationId?: number
  readonly memberId?: string
  readonly groupInstanceId?: string | null
  readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionToCommit[] }[]
}

interface PartitionToCommit {
  readonly partitionIndex: number
  readonly committedOffset: bigint
  readonly committedLeaderEpoch?: number
  readonly committedMetadata: string | null
}

const LOADING_KNOWN_FROM = 2
const MEMBERS_FROM = 3
const ABORTABLE_FROM = 4
const IMPLICIT_FROM = 5

/**
 * TxnOffsetCommit (28), versions 0 to 5: offsets that count when their transaction is committed (KAFKA.md X7). From
 * version 3 on the group's generation and member are checked (X8); before, nothing fences a consumer's zombie but the
 * producer's epoch. From version 5 on the group joins the transaction by itself (KIP-890, X9).
 */
export const txnOffsetCommit: Served = {
  key: 28,
  min: 0,
  max: 5,
  handler: handle<Request>((context) => ({
    apply: (answer) => commit(context, answer),
    refuse: (error) => each(context, () => code(error)),
  })),
}

function each(
  { body }: RequestContext<Request>,
  answer: (topic: string, partition: PartitionToCommit) => number,
): Body {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: answer(name, partition),
    })),
  }))
  return { topics }
}

function commit(context: RequestContext<Request>, answer: (body: Body) => void): void {
  const { body } = context
  // Brokers look at topics before they ask the group, and nobody is asked about nothing.
  const asks = body.topics.some(({ name, partitions }) =>
    partitions.some(({ partitionIndex }) => isKnown(context, name, partitionIndex)),
  )
  const ordinal = context.ordinal()
  if (asks) whenJoined(context, (refusal) => commitUnless(context, { refusal, ordinal }, answer))
  else commitUnless(context, { refusal: null, ordinal }, answer)
}

function commitUnless(
  context: RequestContext<Request>,
  { refusal, ordinal }: { readonly refusal: string | null; readonly ordinal: number },
  answer: (body: Body) => void,
): void {
  const { cluster, body } = context
  const accepted: { readonly topic: string; readonly partition: PartitionToCommit }[] = []
  const refused = each(context, (topic, partition) => {
    const known = isKnown(context, topic, partition.partitionIndex)
    const error = known ? (refusal ?? tooLarge(context, partition)) : 'UNKNOWN_TOPIC_OR_PARTITION'
    if (error === null) accepted.push({ topic, partition })
    else record(context, { topic, partition, error, ordinal })
    return code(error ?? 'NONE')
  })
  if (accepted.length === 0) return answer(refused)
  const committedAtMs = cluster.clock.nowMs()
  cluster.coordinators.commit({
    group: body.groupId,
    producer: { id: body.producerId, epoch: body.producerEpoch },
    offsets: accepted.map(({ topic, partition }) => ({
      topic,
      partition: partition.partitionIndex,
      committed: {
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch ?? -1,
        metadata: partition.committedMetadata,
        committedAtMs,
      },
    })),
    tell(index) {
      const told = accepted[index]
      if (told !== undefined) record(context, { ...told, error: null, ordinal })
    },
    answered(error) {
      if (error === null) return answer(refused)
      for (const each of accepted) record(context, { ...each, error, ordinal })
      answer(withError(refused, code(error)))
    },
  })
}

function isKnown({ cluster }: RequestContext<Request>, topic: string, index: number): boolean {
  return cluster.topics.partition(topic, index) !== undefined
}

/** @param joined with what is wrong with the whole request, or null */
function whenJoined(context: RequestContext<Request>, joined: (refusal: string | null) => void): void {
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

function coordinatorRefusal({ cluster, broker, body, version }: RequestContext<Request>): string | null {
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  return refusal === 'COORDINATOR_LOAD_IN_PROGRESS' && version < LOADING_KNOWN_FROM
    ? 'COORDINATOR_NOT_AVAILABLE'
    : refusal
}

function memberRefusal({ cluster, body, version }: RequestContext<Request>): string | null {
  if (version < MEMBERS_FROM) return null
  const { groupId, generationId = -1, memberId = '', groupInstanceId = null } = body
  const group = cluster.coordinators.group(groupId)
  if (group === undefined) return generationId < 0 ? null : 'ILLEGAL_GENERATION'
  const error = group.checkCommit({
    memberId,
    groupInstanceId,
    generation: generationId,
    transactional: true,
  })
  if (error === 'NONE') return null
  return error === 'STALE_MEMBER_EPOCH' ? 'ILLEGAL_GENERATION' : error
}

function tooLarge(
  { cluster }: RequestContext<Request>,
  { committedMetadata }: PartitionToCommit,
): string | null {
  const fits = (committedMetadata?.length ?? 0) <= cluster.settings['offset.metadata.max.bytes']
  return fits ? null : 'OFFSET_METADATA_TOO_LARGE'
}

interface Outcome {
  readonly topic: string
  readonly partition: PartitionToCommit
  readonly error: string | null
  readonly ordinal: number
}

function record(
  { cluster, body, peer }: RequestContext<Request>,
  { topic, partition, error, ordinal }: Outcome,
): void {
  const { groupId, producerId, generationId = -1, memberId = '' } = body
  const { partitionIndex, committedOffset } = partition
  cluster.observe({
    kind: 'commit',
    phase: error === null ? 'applied' : 'rejected',
    group: groupId,
    memberId,
    generation: generationId,
    topic,
    partition: partitionIndex,
    offset: committedOffset,
    error,
    transactional: true,
    producerId,
    ordinal,
    owner: cluster.coordinators.ownerOf(groupId, topic, partitionIndex),
    process: peer.process,
    incarnation: peer.incarnation,
  })
}
