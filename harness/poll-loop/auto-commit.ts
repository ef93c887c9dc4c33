import type { OffsetCommits } from './offsets/commits.ts'
import type { OffsetToCommit } from './offsets/offset-to-commit.ts'
import type { SubscriptionState } from './subscription.ts'
import { type Deadline, nowMs } from './time.ts'

/** The positions of all assigned partitions: behind the last records that `poll` has returned. */
export function consumedOffsets(subscription: SubscriptionState): OffsetToCommit[] {
  return subscription.assigned.flatMap(({ topic, partition, position }) =>
    position === null
      ? []
      : [{ topic, partition, offset: position.offset, leaderEpoch: position.offsetEpoch }],
  )
}

export interface AutoCommitTimes {
  readonly intervalMs: number
  /** Until the next commit where one failed that may be sent again. */
  readonly retryBackoffMs: number
}

/**
 * Auto commit: inside `poll`, every so often, what the polls before it have returned; and before
 * partitions are given up. It does not ask whether the app is done with it.
 */
export class AutoCommit {
  readonly #commits: OffsetCommits
  readonly #subscription: SubscriptionState
  readonly #times: AutoCommitTimes
  #nextAtMs: number

  constructor(commits: OffsetCommits, subscription: SubscriptionState, times: AutoCommitTimes) {
    this.#commits = commits
    this.#subscription = subscription
    this.#times = times
    this.#nextAtMs = nowMs() + times.intervalMs
  }

  /** Commits where it is time to. */
  whereDue(): void {
    if (nowMs() < this.#nextAtMs) return
    this.#nextAtMs = nowMs() + this.#times.intervalMs
    const offsets = consumedOffsets(this.#subscription)
    if (offsets.length === 0) return
    this.#commits.async(offsets, (_offsets, error) => {
      if (error?.retriable === true) this.#nextAtMs = nowMs() + this.#times.retryBackoffMs
    })
  }

  /** A classic group has given out partitions: the interval begins again. */
  joined(): void {
    this.#nextAtMs = nowMs() + this.#times.intervalMs
  }

  /** Waits for it; what is refused is left to the next owner. */
  async finally(deadline: Deadline): Promise<void> {
    const offsets = consumedOffsets(this.#subscription)
    if (offsets.length === 0) return
    await this.#commits.sync(offsets, deadline).catch((error: Error) => {
      if (error.name === 'WakeupException') throw error
    })
  }
}
