import type { Stream } from '../../core/seed.ts'
import type { ReplicationHost } from './partition-replicas.interface.ts'
import type { Replica } from './replica.ts'
import type { ReplicaSet } from './replica-set.ts'

export interface FetchingOptions {
  readonly host: Pick<ReplicationHost, 'clock' | 'settings'>
  readonly random: Stream
  readonly set: ReplicaSet
  /**
   * The leader has heard how far the follower is. @returns whether it still follows in the same
   * epoch
   */
  readonly acknowledged: (follower: Replica) => boolean
}

/**
 * Followers fetch from the leader, after they have cut their logs back to where they agree with its
 * log.
 */
export class FollowerFetching {
  readonly #options: FetchingOptions
  readonly #set: ReplicaSet
  /** Followers whose fetch waits at the leader for something to answer with. */
  readonly #parked: Set<Replica> = new Set()

  constructor(options: FetchingOptions) {
    this.#options = options
    this.#set = options.set
  }

  /** Cancels the replica's fetch that is under way. */
  rest(replica: Replica): void {
    this.#parked.delete(replica)
    replica.rest()
  }

  /** The answer to the follower's fetch is on its way; a parked one is answered. */
  fetch(follower: Replica): void {
    if (!follower.fetches || !this.#set.isLed) return
    if (follower.underway !== null && !this.#parked.delete(follower)) return
    this.rest(follower)
    follower.underway = this.#later(() => this.#fetched(follower))
  }

  /**
   * With nothing to send but a high watermark, the answer waits; without that, until something is
   * written.
   */
  park(follower: Replica): void {
    const { leader } = this.#set
    if (leader === undefined || follower.underway !== null || !follower.fetches) return
    if (follower.log.highWatermark >= leader.log.highWatermark) return
    this.#parked.add(follower)
    const { clock, settings } = this.#options.host
    follower.underway = clock.after(settings['replica.fetch.wait.max.ms'], () => {
      this.#parked.delete(follower)
      this.#fetched(follower)
    })
  }

  /** The follower writes what it was sent, and asks for more. */
  #fetched(follower: Replica): void {
    follower.underway = null
    const { leader, epoch } = this.#set
    if (leader === undefined) return
    const { log } = leader
    if (follower.followedEpoch !== epoch) {
      follower.agreeWith(log)
      follower.followedEpoch = epoch
      follower.log.leaderEpoch = epoch
    }
    if (follower.log.endOffset < log.startOffset) follower.log.restartAt(log.startOffset)
    const from = follower.log.endOffset
    if (from < log.endOffset) {
      follower.copy(log.from(from))
      follower.wrote(this.#options.host.clock.nowMs())
    }
    const watermark = follower.log.highWatermark
    follower.log.followWatermark(log.highWatermark)
    if (follower.log.highWatermark > watermark) follower.log.wake()
    follower.log.deleteBefore(log.startOffset, log.latestDeleted === null ? 'go' : 'stay')
    follower.underway = this.#later(() => this.#acknowledge(follower))
  }

  /** The follower's next fetch tells the leader how far it is. */
  #acknowledge(follower: Replica): void {
    follower.underway = null
    const { leader } = this.#set
    if (leader === undefined) return
    follower.acknowledged = follower.log.endOffset
    const behind = follower.acknowledged < leader.log.endOffset
    if (!behind) follower.caughtUpMs = this.#options.host.clock.nowMs()
    if (!this.#options.acknowledged(follower)) return
    if (behind) this.fetch(follower)
    else this.park(follower)
  }

  #later(action: () => void): { cancel(): void } {
    const { host, random } = this.#options
    const { settings, clock } = host
    const least = settings['onceover.replication.min.ms']
    return clock.after(
      random.between(least, Math.max(least, settings['onceover.replication.max.ms'])),
      action,
    )
  }
}
