import type { FollowerFetching } from './follower-fetching.ts'
import type { ReplicaSet } from './replica-set.ts'
import { ReplicationWaiters } from './replication-waiters.ts'
import type { WrittenLog } from './written-log.ts'

/**
 * The leader's high watermark follows the in-sync replicas; requests that wait for it are answered
 * (KAFKA.md L1).
 */
export class HighWatermark {
  readonly #set: ReplicaSet
  readonly #fetching: FollowerFetching
  readonly #written: WrittenLog
  #waiters: ReplicationWaiters = new ReplicationWaiters()

  constructor(set: ReplicaSet, { fetching, written }: { fetching: FollowerFetching; written: WrittenLog }) {
    this.#set = set
    this.#fetching = fetching
    this.#written = written
  }

  /** Moves on to what all in-sync replicas have, as far as the leader has heard. */
  advance(): void {
    const { leader, inSync } = this.#set
    if (leader === undefined) return
    const { log } = leader
    let least = log.endOffset
    for (const broker of inSync.members) {
      if (broker === leader.broker) continue
      const acknowledged = this.#set.of(broker)?.acknowledged ?? null
      if (acknowledged === null) return this.#answer()
      if (acknowledged < least) least = acknowledged
    }
    if (!inSync.tooFew && least > log.highWatermark) {
      log.followWatermark(least)
      this.#written.committed(least)
      for (const follower of this.#set.followers()) this.#fetching.park(follower)
      log.wake()
    }
    this.#answer()
  }

  /** @see PartitionReplicas.whenReplicated */
  whenReplicated(offset: bigint, done: (error: string | null) => void): () => void {
    const forget = this.#waiters.add(offset, done)
    this.#answer()
    return forget
  }

  /** Requests that wait are answered with this error. */
  fail(error: string): void {
    this.#waiters.fail(error)
  }

  /** Requests that wait now wait for another leader's high watermark. */
  handOver(): ReplicationWaiters {
    const waiters = this.#waiters
    this.#waiters = new ReplicationWaiters()
    return waiters
  }

  #answer(): void {
    this.#waiters.reached(this.#set.partition.log.highWatermark, () => this.#set.inSync.tooFew)
  }
}
