import { type ClientContext, code } from './handler.ts'

/** One partition of OffsetCommit and TxnOffsetCommit. */
export interface PartitionToCommit {
  readonly partitionIndex: number
  readonly committedOffset: bigint
  readonly committedLeaderEpoch: number
  readonly committedMetadata: string | null
}

/** The common context of OffsetCommit and TxnOffsetCommit. */
interface CommitContext extends ClientContext {
  readonly body: {
    readonly groupId: string
    readonly topics: readonly { readonly name: string; readonly partitions: readonly PartitionToCommit[] }[]
  }
}

/** The answer of both. */
interface CommitAnswer {
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[]
  }[]
}

/** The member and the producer of a commit, as the request names them. */
interface Committer {
  readonly memberId: string
  readonly generation: number
  /** Null outside of transactions. */
  readonly producer: { readonly id: bigint; readonly epoch: number } | null
}

/** @param errorOf the error code of each partition */
export function answerEach(
  { body }: CommitContext,
  errorOf: (topic: string, partition: PartitionToCommit) => number,
): CommitAnswer {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: errorOf(name, partition),
    })),
  }))
  return { topics }
}

export function isKnown({ cluster }: CommitContext, topic: string, index: number): boolean {
  return cluster.topics.partition(topic, index) !== undefined
}

/**
 * Commits the offsets that are not refused, answers once they are replicated, and tells the history
 * of each. Topics are looked at before the group, as brokers do it.
 */
export function commitOffsets(
  context: CommitContext,
  commit: {
    readonly by: Committer
    readonly ordinal: number
    /** The error of all partitions that exist, or null. */
    readonly refusal: string | null
    /**
     * How long offsets are kept that say so themselves (OffsetCommit 2 to 4); null: as the broker
     * is set.
     */
    readonly retentionMs: number | null
  },
  answer: (body: CommitAnswer) => void,
): void {
  const { cluster, body } = context
  const { by, ordinal, refusal, retentionMs } = commit
  const accepted: { readonly topic: string; readonly partition: PartitionToCommit }[] = []
  const tell = (topic: string, partition: PartitionToCommit, error: string | null): void =>
    record(context, by, { topic, partition, error, ordinal })
  const answered = answerEach(context, (topic, partition) => {
    const known = isKnown(context, topic, partition.partitionIndex)
    const error = known ? (refusal ?? tooLarge(context, partition)) : 'UNKNOWN_TOPIC_OR_PARTITION'
    if (error === null) accepted.push({ topic, partition })
    else tell(topic, partition, error)
    return code(error ?? 'NONE')
  })
  if (accepted.length === 0) return answer(answered)
  const nowMs = cluster.clock.nowMs()
  cluster.coordinators.of(body.groupId).commit({
    group: body.groupId,
    ...(by.producer === null ? {} : { producer: by.producer }),
    offsets: accepted.map(({ topic, partition }) => ({
      topic,
      partition: partition.partitionIndex,
      committed: {
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch,
        metadata: partition.committedMetadata,
        committedAtMs: nowMs,
        ...(retentionMs === null ? {} : { expiresAtMs: nowMs + retentionMs }),
      },
    })),
    tell(index) {
      const told = accepted[index]
      if (told !== undefined) tell(told.topic, told.partition, null)
    },
    answered(error) {
      if (error === null) return answer(answered)
      for (const { topic, partition } of accepted) tell(topic, partition, error)
      answer(withError(answered, code(error)))
    },
  })
}

/** The answer where what was accepted could not be written. */
function withError({ topics }: CommitAnswer, errorCode: number): CommitAnswer {
  return {
    topics: topics.map((topic) => ({
      ...topic,
      partitions: topic.partitions.map((partition) =>
        partition.errorCode === 0 ? { ...partition, errorCode } : partition,
      ),
    })),
  }
}

function tooLarge({ cluster }: CommitContext, { committedMetadata }: PartitionToCommit): string | null {
  const fits = (committedMetadata?.length ?? 0) <= cluster.settings['offset.metadata.max.bytes']
  return fits ? null : 'OFFSET_METADATA_TOO_LARGE'
}

function record(
  { cluster, body, peer }: CommitContext,
  { memberId, generation, producer }: Committer,
  result: {
    readonly topic: string
    readonly partition: PartitionToCommit
    readonly error: string | null
    readonly ordinal: number
  },
): void {
  const { topic, partition, error, ordinal } = result
  const { partitionIndex, committedOffset } = partition
  cluster.observe({
    kind: 'commit',
    phase: error === null ? 'applied' : 'rejected',
    group: body.groupId,
    memberId,
    generation,
    topic,
    partition: partitionIndex,
    offset: committedOffset,
    error,
    ...(producer === null ? { transactional: false } : { transactional: true, producerId: producer.id }),
    ordinal,
    owner: cluster.coordinators.of(body.groupId).ownerOf(body.groupId, topic, partitionIndex),
    process: peer.process,
    incarnation: peer.incarnation,
  })
}
