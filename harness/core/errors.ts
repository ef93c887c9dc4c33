import { jsonText } from './json.ts'
import type { OutputLine } from './output.ts'

/**
 * Wrong use: the caller can mend it. One sentence that says what was wrong and what to type next;
 * exit code 3.
 */
export type UsageCode =
  | 'unknown-option'
  | 'missing-file'
  | 'cannot-write'
  | 'bad-scenario'
  | 'bad-counterexample'
  | 'app-failed-to-load'
  | 'app-never-consumes'
  | 'unsupported-in-simulation'
  | 'missing-client'
  | 'missing-package'
  | 'missing-package'
  | 'port-in-use'
  | 'bad-effect'
  | 'missing-provider'
  | 'busy-cluster'

export class UsageError extends Error {
  readonly code: UsageCode
  /** Lines that the app had printed by then. */
  output: readonly OutputLine[] = []
  constructor(code: UsageCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UsageError'
    this.code = code
  }
}

/** `UsageError`, also one of another copy of this package. */
export function isWrongUse(error: unknown): error is Error & { readonly name: 'UsageError' } {
  return error instanceof Error && error.name === 'UsageError'
}

/**
 * Our own bug, or a run that did not repeat: never a verdict about the user's code; exit code 4.
 */
export class HarnessError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HarnessError'
  }
}

/** A run that was ended from outside, by Ctrl-C or because the time was up: it says nothing. */
export class RunStopped extends Error {
  constructor() {
    super('the run was stopped')
    this.name = 'RunStopped'
  }
}

/** Marks the end of an exhaustive switch over a closed union. */
export function unreachable(value: never): never {
  throw new HarnessError(`unreachable: ${jsonText(value)}`)
}
