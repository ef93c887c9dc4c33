import type { RecordPosition } from '../core/history.ts'
import type { Store, StoreTransaction } from '../core/scenario.ts'
import { OUTSIDE } from './outside.ts'
import type { Incarnation } from './scheduler.interface.ts'
import { aborted, conflict, failed, timedOut } from './store-errors.ts'
import type { StoreAnswer, StoreHost } from './store-host.ts'

/**
 * `context.store` of one incarnation. A commit that was sent is applied even if the process dies
 * meanwhile.
 */
export function createStore(process: Incarnation, host: StoreHost): Store {
  return {
    async transaction(work) {
      const transaction = new OpenTransaction(process, host)
      const result = await work(transaction)
      await transaction.commit()
      return result
    },
  }
}

/** A transaction from its first read to its commit. */
export class OpenTransaction implements StoreTransaction {
  readonly #process: Incarnation
  readonly #host: StoreHost
  readonly #reads: Map<string, number> = new Map()
  readonly #writes: Map<string, { value: unknown } | null> = new Map()
  readonly #effects: { readonly position: RecordPosition; readonly label: string }[] = []
  /** A read has failed: nothing will be written, whatever the app makes of it. */
  #aborted = false

  constructor(process: Incarnation, host: StoreHost) {
    this.#process = process
    this.#host = host
  }

  get(table: string, key: string): Promise<unknown> {
    const name = `${table}\0${key}`
    const written = this.#writes.get(name)
    if (written !== undefined)
      return Promise.resolve(written === null ? undefined : structuredClone(written.value))
    return new Promise((resolve, reject) => {
      this.#host.ask(this.#process, {
        operation: `GET ${table}`,
        extraUs: 0,
        answer: () => ({ value: this.#read(name) }),
        resolve,
        reject: (error) => {
          this.#aborted = true
          reject(error)
        },
      })
    })
  }

  put(table: string, key: string, value: unknown): Promise<void> {
    this.#writes.set(`${table}\0${key}`, { value: structuredClone(value) })
    return Promise.resolve()
  }

  delete(table: string, key: string): Promise<void> {
    this.#writes.set(`${table}\0${key}`, null)
    return Promise.resolve()
  }

  effect(target: Parameters<StoreTransaction['effect']>[0], given = 'effect'): void {
    const { outside } = this.#host
    outside.reported = true
    const position = outside.target(this.#process, 'tx.effect', target)
    const label = outside.words(this.#process, 'tx.effect', 'label', given)
    this.#effects.push({ position, label })
  }

  commit(): Promise<void> {
    if (this.#aborted) return Promise.reject(aborted())
    const { plans } = this.#host.outside
    let slowUs = 0
    let plan: ReturnType<typeof plans.take> = null
    for (const { position } of this.#effects) {
      slowUs += plans.take(position, ['slow'])?.delayUs ?? 0
      plan ??= plans.take(position, ['fail-effect', 'lose-effect-answer'])
    }
    const fails = plan?.what === 'fail-effect'
    const ackLost = plan?.what === 'lose-effect-answer'
    return new Promise((resolve, reject) => {
      this.#host.ask(this.#process, {
        operation: 'COMMIT',
        extraUs: slowUs,
        answer: (answered) => (fails ? this.#fail() : this.#apply({ ackLost, answered })),
        resolve,
        reject,
      })
    })
  }

  #read(name: string): unknown {
    const row = this.#host.database.read(name)
    this.#reads.set(name, row?.version ?? 0)
    return row === undefined ? undefined : structuredClone(row.value)
  }

  #fail(): StoreAnswer<void> {
    for (const { position, label } of this.#effects) {
      this.#host.outside.observe({
        kind: 'effect-failure',
        label,
        error: 'the store refused the transaction',
        ...this.#by,
        ...position,
      })
    }
    return { error: failed() }
  }

  #apply({ ackLost, answered }: { ackLost: boolean; answered: boolean }): StoreAnswer<void> {
    const { database, outside } = this.#host
    if (!database.commit(this.#reads, this.#writes)) return { error: conflict() }
    for (const { position, label } of this.#effects) {
      outside.observe({ kind: 'effect', label, via: 'transaction', ...this.#by, ...position })
    }
    const acknowledged = answered && !ackLost
    outside.observe({ kind: 'store-commit', writes: this.#writes.size, acknowledged, ...this.#by })
    return ackLost ? { error: timedOut(), afterUs: OUTSIDE.timeoutUs } : { value: undefined }
  }

  get #by(): { readonly process: string; readonly incarnation: number } {
    return { process: this.#process.name, incarnation: this.#process.incarnation }
  }
}
