import type { RequestDraft } from '../../kafka/index.ts'
import { byTopic, type TopicPartition } from '../partition.ts'

/** The next offset to read, as it is committed. */
export interface OffsetToCommit extends TopicPartition {
  readonly offset: bigint
  readonly leaderEpoch?: number
  readonly metadata?: string
}

/** Offsets as they stand in OffsetCommit and TxnOffsetCommit. */
export function topicsToCommit(
  offsets: readonly OffsetToCommit[],
): NonNullable<RequestDraft<'OffsetCommit'>['topics'] & RequestDraft<'TxnOffsetCommit'>['topics']> {
  return byTopic(offsets).map(({ topic, partitions }) => ({
    name: topic,
    partitions: partitions.map(({ partition, offset, leaderEpoch = -1, metadata = '' }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedLeaderEpoch: leaderEpoch,
      committedMetadata: metadata,
    })),
  }))
}
