import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { Replica } from './replica.ts'
import type { ReplicationWaiters } from './replication-waiters.ts'

/** The leader's knowledge when another one was elected. */
export interface LastKnown {
  readonly inSync: readonly number[]
  readonly tooFew: boolean
  /** Where its epoch began. */
  readonly epochStart: bigint
  /** Requests that wait for its high watermark. */
  readonly waiters: ReplicationWaiters
  readonly nowMs: () => number
}

/**
 * A leader that has not heard of its successor (KAFKA.md L1, L4, C4): it goes on writing and
 * answering in its old epoch. Nobody who knows better fetches from it, and the controller refuses
 * its changes of the in-sync replicas (AlterPartition with an old epoch), so that they stay as they
 * are: its high watermark stands still, unless it was the only one in sync. What it writes is cut
 * off when it hears.
 */
export class DeposedLeader {
  readonly log: PartitionLog
  readonly inSync: readonly number[]
  readonly tooFew: boolean
  readonly #replica: Replica
  readonly #epochStart: bigint
  readonly #nowMs: () => number
  readonly #waiters: ReplicationWaiters
  readonly #onStored = (): void => this.#grown()

  constructor(replica: Replica, { inSync, tooFew, epochStart, waiters, nowMs }: LastKnown) {
    this.#replica = replica
    this.log = replica.log
    this.inSync = inSync
    this.tooFew = tooFew
    this.#epochStart = epochStart
    this.#waiters = waiters
    this.#nowMs = nowMs
  }

  get broker(): number {
    return this.#replica.broker
  }

  get producers(): ProducerStates {
    return this.#replica.producers
  }

  get watermarkLags(): boolean {
    return this.#epochStart > this.log.highWatermark
  }

  /** From now on it is not the leader but for itself. */
  begin(): void {
    this.log.onStored = this.#onStored
  }

  /** @see PartitionReplicas.whenReplicated */
  whenReplicated(offset: bigint, done: (error: string | null) => void): () => void {
    const forget = this.#waiters.add(offset, done)
    this.#answer()
    return forget
  }

  /** The deposed leader has learnt of its successor. @param error for requests that wait */
  end(error: string): void {
    this.log.onStored = null
    this.#waiters.fail(error)
    this.log.wake()
  }

  #grown(): void {
    this.#replica.wrote(this.#nowMs())
    if (this.inSync.length > 1 || this.tooFew) return
    this.log.followWatermark(this.log.endOffset)
    this.#answer()
  }

  #answer(): void {
    this.#waiters.reached(this.log.highWatermark, () => false)
  }
}
