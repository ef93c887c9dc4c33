import type { Assignment } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'

/** What is kept of a consumer group in `__consumer_offsets`: all of its records taken together. */
export interface ConsumerGroupRecord {
  readonly type: 'consumer'
  readonly epoch: number
  readonly assignmentEpoch: number
  readonly members: readonly ConsumerMember[]
  readonly targets: ReadonlyMap<string, Assignment>
  readonly resolved: ReadonlyMap<string, ReadonlySet<string>>
  /** Subscribed topics as they were when the epoch was raised last. */
  readonly topics: string
}
