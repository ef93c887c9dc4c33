import type { CommittedOffset } from '../group/offsets.ts'
import type { Body } from '../wire/index.ts'
import { code, handle, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly groupId: string
  readonly generationIdOrMemberEpoch: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** Versions 2 to 4; −1 stands for the broker's setting. */
  readonly retentionTimeMs: bigint
  readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionToCommit[] }[]
}

interface PartitionToCommit {
  readonly partitionIndex: number
  readonly committedOffset: bigint
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

/**
 * OffsetCommit (8), versions 0 to 9 (KAFKA.md O1 to O7, O11). Answered when the offsets are replicated. Members and generations are checked; who owns a partition
 * is not, and a lower offset is as good as a higher one. Version 0 stored offsets in ZooKeeper; here it is like 1.
 */
export const offsetCommit: Served = {
  key: 8,
  min: 0,
  max: 9,
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
  const { cluster, body } = context
  const refusal = refusalOf(context)
  const ordinal = context.ordinal()
  const accepted: { readonly topic: string; readonly partition: PartitionToCommit }[] = []
  const refused = each(context, (topic, partition) => {
    const error = unknownTopic(context, topic, partition) ?? refusal ?? tooLarge(context, partition)
    if (error === null) accepted.push({ topic, partition })
    else record(context, { topic, partition, error, ordinal })
    return code(error ?? 'NONE')
  })
  if (accepted.length === 0) return answer(refused)
  const nowMs = cluster.clock.nowMs()
  cluster.coordinators.commit({
    group: body.groupId,
    offsets: accepted.map(({ topic, partition }) => ({
      topic,
      partition: partition.partitionIndex,
      committed: committedOffset(body, partition, nowMs),
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

/** The answer where what was accepted could not be written. */
export function withError(body: Body, errorCode: number): Body {
  const topics = (body['topics'] as Body[]).map((topic) => ({
    ...topic,
    partitions: (topic['partitions'] as Body[]).map((partition) =>
      partition['errorCode'] === 0 ? { ...partition, errorCode } : partition,
    ),
  }))
  return { topics }
}

function committedOffset(
  { retentionTimeMs }: Request,
  { committedOffset, committedLeaderEpoch, committedMetadata }: PartitionToCommit,
  nowMs: number,
): CommittedOffset {
  return {
    offset: committedOffset,
    leaderEpoch: committedLeaderEpoch ?? -1,
    metadata: committedMetadata,
    committedAtMs: nowMs,
    ...(retentionTimeMs < 0n ? {} : { expiresAtMs: nowMs + Number(retentionTimeMs) }),
  }
}

/** What is wrong with the whole request, or null. */
function refusalOf({ cluster, broker, body, version }: RequestContext<Request>): string | null {
  const refusal = cluster.coordinators.refusal(body.groupId, broker.id)
  if (refusal !== null) return refusal
  const generation = body.generationIdOrMemberEpoch
  const group = cluster.coordinators.group(body.groupId)
  if (group === undefined && generation < 0) return null
  if (group === undefined) return version < 9 ? 'ILLEGAL_GENERATION' : 'GROUP_ID_NOT_FOUND'
  const error = group.checkCommit({
    memberId: body.memberId,
    groupInstanceId: body.groupInstanceId ?? null,
    generation,
    version,
  })
  return error === 'NONE' ? null : error
}

/** Brokers look at topics before they ask the group. */
function unknownTopic(
  { cluster }: RequestContext<Request>,
  topic: string,
  { partitionIndex }: PartitionToCommit,
): string | null {
  const known = cluster.topics.partition(topic, partitionIndex) !== undefined
  return known ? null : 'UNKNOWN_TOPIC_OR_PARTITION'
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
  const { partitionIndex, committedOffset } = partition
  cluster.observe({
    kind: 'commit',
    phase: error === null ? 'applied' : 'rejected',
    group: body.groupId,
    memberId: body.memberId,
    generation: body.generationIdOrMemberEpoch,
    topic,
    partition: partitionIndex,
    offset: committedOffset,
    error,
    transactional: false,
    ordinal,
    owner: cluster.coordinators.ownerOf(body.groupId, topic, partitionIndex),
    process: peer.process,
    incarnation: peer.incarnation,
  })
}
