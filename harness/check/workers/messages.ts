import { RunStopped } from '../../core/errors.ts'
import type { Learnt } from '../../scenario/prepare.ts'
import type { Tried } from '../../search/trial.ts'
import type { Beats } from '../heartbeat.ts'

/** A scenario as a value: where it is found. */
export interface ScenarioAddress {
  /** Absolute path of the file that exports it. */
  readonly file: string
  /** Among those that the file exports. */
  readonly name: string
}

/** A scenario as a value for a worker that runs its schedules. */
export interface WorkerTask extends ScenarioAddress {
  readonly learnt: Learnt
}

/** The data that a worker begins with. */
export interface WorkerSetup {
  readonly task: WorkerTask
  /** Not 0: the trial at hand ends where it is. */
  readonly stop: Int32Array
  readonly beats: Beats
}

export type WorkerMessage =
  /** The scenario is prepared. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'tried'; readonly tried: Tried }
  | { readonly kind: 'failed'; readonly error: PlainError }
  /** The scenario can't be prepared. */
  | { readonly kind: 'broken'; readonly error: PlainError }

/**
 * An error as it crosses between threads: its class is lost there, and wrong use is told by its
 * name.
 */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly code: string | null
  readonly stack: string | null
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), code: null, stack: null }
  const { name, message, stack = null } = error
  return { name, message, stack, code: 'code' in error ? String(error.code) : null }
}

export function errorOf({ name, message, code, stack }: PlainError): Error {
  if (name === 'RunStopped') return new RunStopped()
  const error = Object.assign(new Error(message), code === null ? {} : { code })
  error.name = name
  if (stack !== null) error.stack = stack
  return error
}
