import type { RecordPosition } from '../core/history.ts'
import type { Store, StoreTransaction } from '../core/scenario.ts'
import { OUTSIDE, type Outside } from './outside.ts'
import type { Incarnation } from './scheduler.interface.ts'

/** The transaction was not applied (`CONFLICT`, `FAILED`), or nobody knows (`TIMEOUT`). */
export class StoreError extends Error {
  readonly code: 'CONFLICT' | 'FAILED' | 'TIMEOUT'
  constructor(code: StoreError['code'], message: string) {
    super(message)
    this.name = 'StoreError'
    this.code = code
  }
}

interface Row {
  readonly value: unknown
  readonly version: number
}

/** The database's rows, which outlive every process. Keys are `table\0key`. */
export class Database {
  readonly #rows: Map<string, Row> = new Map()
  #version = 0

  read(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  /**
   * Applies the writes if nothing that was read has changed since: optimistic, and so serialisable.
   */
  commit(
    reads: ReadonlyMap<string, number>,
    writes: ReadonlyMap<string, { value: unknown } | null>,
  ): boolean {
    for (const [key, version] of reads) {
      if ((this.#rows.get(key)?.version ?? 0) !== version) return false
    }
    this.#version += 1
    for (const [key, write] of writes) {
      if (write === null) this.#rows.delete(key)
      else this.#rows.set(key, { value: structuredClone(write.value), version: this.#version })
    }
    return true
  }
}

/**
 * `context.store` of one incarnation. A commit that was sent is applied even if the process dies
 * meanwhile.
 */
export function createStore(process: Incarnation, database: Database, outside: Outside): Store {
  return {
    async transaction(work) {
      const transaction = new OpenTransaction(process, database, outside)
      const result = await work(transaction)
      await transaction.commit()
      return result
    },
  }
}

/** A transaction from its first read to its commit. */
export class OpenTransaction implements StoreTransaction {
  readonly #process: Incarnation
  readonly #database: Database
  readonly #outside: Outside
  readonly #reads: Map<string, number> = new Map()
  readonly #writes: Map<string, { value: unknown } | null> = new Map()
  readonly #effects: { readonly position: RecordPosition; readonly label: string }[] = []

  constructor(process: Incarnation, database: Database, outside: Outside) {
    this.#process = process
    this.#database = database
    this.#outside = outside
  }

  get(table: string, key: string): Promise<unknown> {
    const name = `${table}\0${key}`
    const written = this.#writes.get(name)
    if (written !== undefined)
      return Promise.resolve(written === null ? undefined : structuredClone(written.value))
    return this.#roundTrip(() => {
      const row = this.#database.read(name)
      this.#reads.set(name, row?.version ?? 0)
      return row === undefined ? undefined : structuredClone(row.value)
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

  effect(target: Parameters<StoreTransaction['effect']>[0], label = 'effect'): void {
    this.#outside.reported = true
    const position = this.#outside.target(this.#process, 'tx.effect', target)
    this.#effects.push({ position, label })
  }

  commit(): Promise<void> {
    const { plans } = this.#outside
    let slowUs = 0
    let plan: ReturnType<typeof plans.take> = null
    for (const { position } of this.#effects) {
      slowUs += plans.take(position, ['slow'])?.delayUs ?? 0
      plan ??= plans.take(position, ['effect-error', 'effect-ack-lost'])
    }
    const fails = plan?.what === 'effect-error'
    const ackLost = plan?.what === 'effect-ack-lost'
    return new Promise((resolve, reject) => {
      if (!this.#process.alive) return
      this.#atDatabase(slowUs, () => {
        const error = this.#apply({ fails, ackLost })
        if (error === null) this.#answer(resolve)
        else this.#answer(() => reject(error), ackLost ? OUTSIDE.timeoutUs : undefined)
      })
    })
  }

  #apply({ fails, ackLost }: { fails: boolean; ackLost: boolean }): StoreError | null {
    const by = { process: this.#process.name, incarnation: this.#process.incarnation }
    const { observe } = this.#outside
    if (fails) {
      for (const { position, label } of this.#effects) {
        observe({
          kind: 'effect-failure',
          label,
          error: 'the store refused the transaction',
          ...by,
          ...position,
        })
      }
      return new StoreError('FAILED', 'the store refused the transaction; nothing was written')
    }
    if (!this.#database.commit(this.#reads, this.#writes)) {
      return new StoreError('CONFLICT', 'what the transaction read has changed; nothing was written')
    }
    for (const { position, label } of this.#effects) {
      observe({ kind: 'effect', label, via: 'transaction', ...by, ...position })
    }
    observe({ kind: 'store-commit', writes: this.#writes.size, acknowledged: !ackLost, ...by })
    return ackLost ? new StoreError('TIMEOUT', 'the store did not answer in time') : null
  }

  #roundTrip<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => {
      if (!this.#process.alive) return
      this.#atDatabase(0, () => {
        const result = work()
        this.#answer(() => resolve(result))
      })
    })
  }

  #atDatabase(extraUs: number, work: () => void): void {
    this.#outside.arrive(this.#process, null, extraUs, work)
  }

  #answer(settle: () => void, delayUs?: number): void {
    this.#outside.answer(this.#process, null, settle, delayUs)
  }
}
