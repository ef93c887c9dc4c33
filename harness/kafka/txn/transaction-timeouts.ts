import type { ClusterHost } from '../cluster-host.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import type { KeptTransactions } from './kept-transactions.ts'
import type { Transaction } from './transaction.ts'

export interface TransactionTimeoutsOptions {
  readonly cluster: Pick<ClusterHost, 'clock' | 'settings'>
  readonly kept: KeptTransactions
  /** Whether somebody coordinates this id now. */
  readonly serves: (transactionalId: string) => boolean
  /** Aborts it under an epoch that nobody has been given. */
  readonly fence: (transaction: Transaction) => void
}

/** Transactions that have been open for longer than their producers said (KAFKA.md X4). */
export class TransactionTimeouts {
  readonly #options: TransactionTimeoutsOptions
  readonly #task: LazyTask

  constructor(options: TransactionTimeoutsOptions) {
    this.#options = options
    const { clock, settings } = options.cluster
    const intervalMs = settings['transaction.abort.timed.out.transaction.cleanup.interval.ms']
    this.#task = new LazyTask({
      clock,
      firstMs: clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#abortOverdue(nowMs),
    })
  }

  watch(transaction: Transaction): void {
    this.#options.kept.ongoing.add(transaction)
    this.#task.due(overdueMs(transaction))
  }

  /** There is nothing left to watch. */
  rest(): void {
    this.#task.rest()
  }

  /** Aborts what has been open for too long; when to look again, or null. */
  #abortOverdue(nowMs: number): number | null {
    const { kept, serves, fence } = this.#options
    let nextMs: number | null = null
    for (const transaction of [...kept.ongoing]) {
      const { transactionalId, pending } = transaction
      const dueMs = overdueMs(transaction)
      if (dueMs <= nowMs && serves(transactionalId) && pending === null) fence(transaction)
      else nextMs = Math.min(nextMs ?? dueMs, dueMs)
    }
    return nextMs
  }
}

function overdueMs({ startMs, timeoutMs }: Transaction): number {
  return startMs + timeoutMs + 1
}
