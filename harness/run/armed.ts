import type { InARow } from '../core/faults/times.ts'
import type { HistoryEvent } from '../core/history.ts'
import { namesFrom, parseNumbered } from '../core/names.ts'

const GIVEN_UP: ReadonlySet<HistoryEvent['kind']> = new Set([
  'consumer-crashed',
  'process-crashed',
  'process-exited',
])

/** Whether the event says that a client has given up, or that its process has ended. */
export function isGivenUp({ kind }: HistoryEvent): boolean {
  return GIVEN_UP.has(kind)
}

/** So many in a row are an outage that ends: an app may try again at once and for ever. */
const IN_A_ROW_MAX = 100

/** An action at so many of a sort in a row. */
interface CountedAction<Action> {
  readonly action: Action
  struck: number
}

/** An action at one of a sort, and at those of it that follow, until a client gives up. */
interface StandingAction<Action> {
  readonly process: string
  /** The first that meets it. */
  readonly from: number
  readonly action: Action
  struck: number
}

/**
 * The schedule's plans for single requests or calls, named `consumer-0 OffsetCommit#2`, and for
 * those of one sort that follow them.
 */
export class Armed<Action> {
  readonly #byName: Map<string, CountedAction<Action>> = new Map()
  /** By sort: `consumer-0 OffsetCommit`. */
  readonly #standing: Map<string, StandingAction<Action>> = new Map()

  get isEmpty(): boolean {
    return this.#byName.size === 0 && this.#standing.size === 0
  }

  arm(name: string, action: Action, times: InARow = 1): void {
    const { process, sort, ordinal } = parseNumbered(name)
    if (times === 'until-given-up') {
      this.#standing.set(sort, { process, from: ordinal, action, struck: 0 })
      return
    }
    const counted = { action, struck: 0 }
    for (const each of namesFrom(name, times)) this.#byName.set(each, counted)
  }

  /** The action at the one of this name, if one is left. */
  take(name: string): Action | undefined {
    const counted = this.#byName.get(name)
    if (counted !== undefined) {
      this.#byName.delete(name)
      counted.struck += 1
      return counted.action
    }
    if (this.#standing.size === 0) return undefined
    const { sort, ordinal } = parseNumbered(name)
    const standing = this.#standing.get(sort)
    if (standing === undefined || ordinal < standing.from) return undefined
    standing.struck += 1
    if (standing.struck === IN_A_ROW_MAX) this.#standing.delete(sort)
    return standing.action
  }

  /**
   * A client that gives up, or a process that ends, ends what has struck it until then.
   */
  observe(event: HistoryEvent): void {
    if (this.#standing.size === 0 || !isGivenUp(event) || !('process' in event)) return
    for (const [sort, { process, struck }] of this.#standing)
      if (struck > 0 && process === event.process) this.#standing.delete(sort)
  }

  /**
   * Drops all of them.
   * @returns whether one was striking until now
   */
  heal(): boolean {
    const left = [...this.#byName.values(), ...this.#standing.values()]
    const wasStriking = left.some(({ struck }) => struck > 0)
    this.#byName.clear()
    this.#standing.clear()
    return wasStriking
  }
}
