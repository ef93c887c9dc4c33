import { eventName, occurrenceName, parseEventName, parseOccurrence } from '../core/event-names.ts'
import type { HistoryEvent, Observation, Observer, RequestPhase } from '../core/history.ts'
import type { Finding } from '../core/verdict.ts'

/** Receives every recorded event; implemented by `properties`. */
export interface Judge {
  /** The first forbidden finding that this event makes certain, or null. */
  observe(event: HistoryEvent): Finding | null
}

/**
 * The history as it grows: every observation is stamped, kept, judged, and looked up among the
 * names that the schedule waits for.
 */
export class Recorder implements Observer {
  readonly events: HistoryEvent[] = []
  readonly #nowUs: () => number
  readonly #judge: Judge
  readonly #listeners: ((event: HistoryEvent) => void)[] = []
  readonly #awaited: Map<string, (() => void)[]> = new Map()
  /** Occurrences so far of the base names that are awaited. */
  readonly #occurrences: Map<string, number> = new Map()
  /** Phases of awaited requests: most events are requests, and are of no interest here. */
  readonly #phases: Set<RequestPhase> = new Set()
  /** The first forbidden finding, if any. */
  finding: Finding | null = null
  #closed = false
  readonly #stopAt: (finding: Finding) => boolean

  constructor(options: { nowUs: () => number; judge: Judge; stopAt: (finding: Finding) => boolean }) {
    this.#nowUs = options.nowUs
    this.#judge = options.judge
    this.#stopAt = options.stopAt
  }

  /**
   * `action` runs when the event of this name is recorded, after it has been recorded and judged.
   */
  await(name: string, action: () => void): void {
    const known = this.#awaited.get(name)
    if (known === undefined) this.#awaited.set(name, [action])
    else known.push(action)
    const base = parseOccurrence(name).name
    this.#occurrences.set(base, 0)
    const parsed = parseEventName(base)
    if (parsed?.of === 'request') this.#phases.add(parsed.phase)
  }

  listen(listener: (event: HistoryEvent) => void): void {
    this.#listeners.push(listener)
  }

  /** The run is over: what its end breaks is no part of the history. */
  close(): void {
    this.#closed = true
  }

  observe(observation: Observation): void {
    if (this.#closed) return
    // A copy: the reporter may keep the observation, and report it again.
    const event: HistoryEvent = { ...observation, seq: this.events.length, timeUs: this.#nowUs() }
    this.events.push(event)
    const finding = this.#judge.observe(event)
    if (finding !== null && this.finding === null && this.#stopAt(finding)) this.finding = finding
    for (const listener of this.#listeners) listener(event)
    if (this.#occurrences.size > 0) this.#trigger(event)
  }

  #trigger(event: HistoryEvent): void {
    if (event.kind === 'request' && !this.#phases.has(event.phase)) return
    const base = eventName(event)
    if (base === null) return
    const before = this.#occurrences.get(base)
    if (before === undefined) return
    this.#occurrences.set(base, before + 1)
    const actions = this.#awaited.get(occurrenceName(base, before + 1))
    if (actions === undefined) return
    this.#awaited.delete(occurrenceName(base, before + 1))
    if (this.#awaited.size === 0) this.#occurrences.clear()
    for (const action of actions) action()
  }
}
