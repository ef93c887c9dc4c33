import type { TopicPartition } from '../../core/history.ts'
import type { MarkerEntry, OffsetEntry } from './offsets-entries.ts'

/** Offsets that transactions which are not decided hold for groups; told of what is in the log. */
export interface HeldOffsets {
  isPending(group: string, topic: string, partition: number): boolean
  holdsAny(group: string): boolean
  pendingOf(group: string): readonly TopicPartition[]
  forget(group: string, topic: string, partition: number): void
  /** The log of this partition is read from its start. */
  reset(partition: number): void
  add(entry: OffsetEntry): void
  decide(partition: number, marker: MarkerEntry): void
}
