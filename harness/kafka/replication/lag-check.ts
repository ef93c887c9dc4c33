import type { HighWatermark } from './high-watermark.ts'
import type { ReplicationHost } from './partition-replicas.interface.ts'
import type { Replica } from './replica.ts'
import type { ReplicaSet } from './replica-set.ts'

export interface LagCheckOptions {
  readonly host: Pick<ReplicationHost, 'clock' | 'settings'>
  readonly watermark: HighWatermark
}

/**
 * Takes followers that are behind for longer than `replica.lag.time.max.ms` out of the in-sync
 * replicas.
 */
export class LagCheck {
  readonly #set: ReplicaSet
  readonly #options: LagCheckOptions
  #timer: { cancel(): void } | null = null

  constructor(set: ReplicaSet, options: LagCheckOptions) {
    this.#set = set
    this.#options = options
  }

  /** Runs when a replica may have lagged for `replica.lag.time.max.ms`. */
  watch(): void {
    const { host, watermark } = this.#options
    if (this.#timer !== null || this.#set.partition.leader === null) return
    const behind = this.#set.followers().filter((each) => this.#isBehind(each))
    if (behind.length === 0) return
    const dueMs = Math.min(...behind.map(({ caughtUpMs }) => caughtUpMs))
    const lagMs = host.settings['replica.lag.time.max.ms']
    const delayMs = Math.max(0, dueMs + lagMs - host.clock.nowMs()) + 1
    this.#timer = host.clock.after(delayMs, () => {
      this.#timer = null
      const late = this.#set
        .followers()
        .filter((each) => this.#isBehind(each) && host.clock.nowMs() - each.caughtUpMs > lagMs)
      if (late.length > 0) this.#set.inSync.remove(late.map(({ broker }) => broker))
      watermark.advance()
      this.watch()
    })
  }

  cancel(): void {
    this.#timer?.cancel()
  }

  #isBehind({ broker, acknowledged }: Replica): boolean {
    if (!this.#set.inSync.members.has(broker)) return false
    return acknowledged === null || acknowledged < this.#set.partition.log.endOffset
  }
}
