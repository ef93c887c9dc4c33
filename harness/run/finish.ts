import type { ClusterAdmin } from '../kafka/index.ts'
import type { Progress } from './progress.ts'
import type { Scheduler } from './scheduler.interface.ts'

const BETWEEN_GENERATIONS: ReadonlySet<string> = new Set([
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
])

export interface FinishOptions {
  readonly scheduler: Scheduler
  readonly progress: Progress
  readonly admin: Pick<ClusterAdmin, 'groups' | 'groupState' | 'openTransactions'>
  /** Records are still to be appended, or calls of the outside world are on their way. */
  pending(): boolean
  /** Microseconds for which nothing must be left to do. */
  readonly restUs: number
  /** Some process is starting or ending, or a commit is on its way. */
  changing(): boolean
  /** Some process was asked to end: whether it does so is seen when its time is over. */
  ending(): boolean
}

/**
 * Tells when the consumers have done all there is to do, or nothing more is to be expected of them.
 */
export class Finish {
  readonly #options: FinishOptions
  /** When the end is looked for next. */
  #lookUs = 0

  constructor(options: FinishOptions) {
    this.#options = options
  }

  get finished(): boolean {
    return this.idle && !this.#options.ending()
  }

  /** Nothing is left to do, but for processes that may take their time to end. */
  get idle(): boolean {
    const { progress, scheduler, pending, restUs } = this.#options
    // Asked before each event of the run: first what is cheap and mostly says no.
    if (progress.working || pending()) return false
    const doneUs = progress.finishedAtUs(this.#settled)
    const atUs = doneUs === null ? null : doneUs + restUs
    if (atUs === null || atUs <= scheduler.nowUs) return atUs !== null
    // Without an event at that time nobody would look.
    if (this.#lookUs !== atUs) scheduler.after(atUs - scheduler.nowUs, () => {})
    this.#lookUs = atUs
    return false
  }

  /**
   * Whether nothing is changing: no transaction is open, and no group is between two generations.
   */
  get #settled(): boolean {
    const { admin, changing } = this.#options
    if (changing() || admin.openTransactions() > 0) return false
    return !admin.groups().some((id) => BETWEEN_GENERATIONS.has(admin.groupState(id) ?? ''))
  }
}
