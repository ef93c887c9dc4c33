import type { Clock } from './cluster.interface.ts'
import { LazyTask } from './lazy-task.ts'
import type { Settings } from './settings.ts'

/** A partition as far as its preferred leader is concerned. */
export interface Balanced {
  readonly isLedByPreferred: boolean
  /** Its first replica leads, where that one is up and in sync. */
  electPreferred(): void
}

/**
 * The controller gives partitions back to their preferred leaders, each
 * `leader.imbalance.check.interval.seconds` from its start on, unless
 * `auto.leader.rebalance.enable` is off. Costs nothing while all are led by those.
 */
export class LeaderBalance {
  readonly #clock: Clock
  readonly #task: LazyTask | null
  readonly #imbalanced: Set<Balanced> = new Set()

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock
    const intervalMs = settings['leader.imbalance.check.interval.seconds'] * 1_000
    const run = (nowMs: number): number | null => {
      for (const each of [...this.#imbalanced]) each.electPreferred()
      return this.#imbalanced.size > 0 ? nowMs + 1 : null
    }
    this.#task = settings['auto.leader.rebalance.enable']
      ? new LazyTask({ clock, firstMs: clock.nowMs() + intervalMs, intervalMs, run })
      : null
  }

  /** Another replica leads. */
  changed(partition: Balanced): void {
    if (this.#task === null) return
    if (partition.isLedByPreferred) this.forget(partition)
    else {
      this.#imbalanced.add(partition)
      this.#task.due(this.#clock.nowMs())
    }
  }

  forget(partition: Balanced): void {
    this.#imbalanced.delete(partition)
    if (this.#imbalanced.size === 0) this.#task?.rest()
  }
}
