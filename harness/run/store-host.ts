import { STORE_NAME } from '../core/service.ts'
import type { Heal } from '../faults/outcome.ts'
import type { NamedCall, NamedCalls } from './named-calls.ts'
import type { Outside } from './outside.ts'
import type { Incarnation } from './scheduler.interface.ts'
import { Database } from './store-database.ts'
import { disconnected, refused, type StoreError } from './store-errors.ts'

/** A question to the store. */
export interface StoreQuestion<T> {
  /** `GET inbox`, `COMMIT` */
  readonly operation: string
  /** Microseconds that it takes longer on its way. */
  readonly extraUs: number
  /** Does it; `answered`: nothing keeps the answer from leaving. */
  answer(answered: boolean): StoreAnswer<T>
  resolve(value: T): void
  reject(error: StoreError): void
}

export type StoreAnswer<T> =
  | { readonly value: T }
  /** `afterUs`: no answer comes, and the process gives up so many microseconds later. */
  | { readonly error: StoreError; readonly afterUs?: number }

/**
 * The database behind `context.store` as a service: each question is a call with a name, passes the
 * same phases as one of any other service, and has the same faults. It outlives every process.
 */
export class StoreHost {
  readonly database: Database = new Database()
  readonly outside: Outside
  readonly calls: NamedCalls
  readonly #underway: Map<string, Set<NamedCall>> = new Map()
  #down = false
  /** Some process has asked something. */
  used = false

  constructor(outside: Outside, calls: NamedCalls) {
    this.outside = outside
    this.calls = calls
  }

  /** Settles the question, unless its process has ended. */
  ask<T>(process: Incarnation, question: StoreQuestion<T>): void {
    if (!process.alive) return
    this.used = true
    const by = { process: process.name, incarnation: process.incarnation }
    const call = this.calls.next(by, STORE_NAME, question.operation)
    this.#of(process.name).add(call)
    const heldUs = this.calls.send(call)
    this.outside.arrive(process, null, question.extraUs + heldUs, () => this.#take(process, call, question))
  }

  /** Refuses all calls until what is returned is called; null: it is down. */
  stop(): Heal | null {
    if (this.#down) return null
    this.#down = true
    return () => {
      this.#down = false
    }
  }

  /** The calls that this process had under way are lost to it; those that left it are done. */
  ended(process: string): void {
    const underway = this.#of(process)
    this.#underway.delete(process)
    for (const call of underway) this.calls.tell(call, 'lost')
  }

  #take<T>(process: Incarnation, call: NamedCall, question: StoreQuestion<T>): void {
    const action = this.calls.receive(call)
    const lost: Reply = { phase: 'lost', settle: () => question.reject(disconnected()) }
    if (this.#down || action?.kind === 'break-before') return this.#reply(process, call, lost)
    const answered = action?.kind !== 'break-after'
    const answer = action?.kind === 'error' ? { error: refused(action.code) } : question.answer(answered)
    const heldUs = this.calls.apply(call, refusalOf(answer))
    if (!answered) return this.#reply(process, call, lost)
    const lateUs = heldUs + (action?.kind === 'slow' ? action.delayUs : 0)
    this.#reply(process, call, { ...replyOf(question, answer), lateUs })
  }

  #reply(process: Incarnation, call: NamedCall, { phase, settle, afterUs, lateUs = 0 }: Reply): void {
    const told = (): void => {
      this.#of(process.name).delete(call)
      this.calls.tell(call, phase)
      settle()
    }
    this.outside.answer(process, null, told, (afterUs ?? this.outside.latencyUs()) + lateUs)
  }

  #of(process: string): Set<NamedCall> {
    const known = this.#underway.get(process)
    if (known !== undefined) return known
    const none = new Set<NamedCall>()
    this.#underway.set(process, none)
    return none
  }
}

interface Reply {
  readonly phase: 'acknowledged' | 'lost'
  settle(): void
  readonly afterUs?: number | undefined
  readonly lateUs?: number
}

/** The error that the store answers; null: it did what it was asked for, answered or not. */
function refusalOf(answer: StoreAnswer<unknown>): string | null {
  return 'error' in answer && answer.afterUs === undefined ? answer.error.code : null
}

function replyOf<T>(question: StoreQuestion<T>, answer: StoreAnswer<T>): Reply {
  if ('value' in answer) return { phase: 'acknowledged', settle: () => question.resolve(answer.value) }
  const { error, afterUs } = answer
  const phase = afterUs === undefined ? 'acknowledged' : 'lost'
  return { phase, settle: () => question.reject(error), afterUs }
}
