import type { RecordPosition } from '../core/history.ts'

/**
 * Time as the harness's own parts of a run see it: effects, the store, handlers that wait. The
 * simulation gives virtual time; another world may give real time, and decide by the steps' names
 * in which order they happen.
 */
export interface Scheduler {
  /** Microseconds since the start of the run. */
  readonly nowUs: number
  /** Runs `action` after a delay, whatever becomes of any process. */
  after(delayUs: number, action: () => void, step?: OutsideStep): void
}

/** One incarnation of a process of the app, as the harness serves it. */
export interface Incarnation {
  readonly name: string
  /** 1, 2, … */
  readonly incarnation: number
  readonly alive: boolean
  /**
   * Runs `action` in this process: deferred while the process is paused, dropped when this
   * incarnation ends.
   */
  after(delayUs: number, action: () => void, step?: OutsideStep): void
}

/** A step of a call to the outside world, as data, for schedulers that order steps. */
export interface OutsideStep {
  readonly process: string
  readonly incarnation: number
  readonly phase: 'prepared' | 'arrived' | 'answered'
  /** The record whose effect it is; null: the store. */
  readonly record: RecordPosition | null
}
