import { channel } from 'node:diagnostics_channel'
import type { TopicPartition } from './partition.ts'
import type { WorkObserver } from './records.ts'

/**
 * The diagnostics channel on which each consumer and producer is announced, so that a harness can
 * watch it without loading or wrapping anything of this library.
 */
export const INSTANCES = 'onceover:poll-loop:instances'

/** Told of what a consumer does; `poll` waits for what `beforePoll` returns. */
export interface ConsumerObserver extends WorkObserver {
  /** Subscribes to these topics, or was assigned partitions of them by hand. */
  subscribed(topics: readonly string[]): void
  owns(memberId: string, partitions: readonly TopicPartition[], lost: boolean): void
  sought(at: TopicPartition, offset: bigint): void
  paused(partitions: readonly TopicPartition[]): void
  resumed(partitions: readonly TopicPartition[]): void
  closing(call: 'close' | 'unsubscribe'): void
  closed(): void
  beforePoll(): Promise<void> | null
}

export type Announcement =
  | {
      readonly type: 'consumer'
      /** Empty: none. */
      readonly groupId: string
      /** Its bootstrap addresses. */
      readonly brokers: readonly string[]
      observe(observer: ConsumerObserver): void
    }
  | { readonly type: 'producer'; readonly transactionalId: string | null }

export function announce(announcement: Announcement): void {
  channel(INSTANCES).publish(announcement)
}
