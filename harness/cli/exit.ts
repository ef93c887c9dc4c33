import type { ScenarioResult } from '../core/result.ts'

/** By class of failure, so that a CI job need not read the output. */
export const EXIT = { held: 0, violated: 1, undecided: 2, wrongUse: 3, harness: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Failures that say nothing about the consumer come first: harness errors, then wrong use. */
const WORST_FIRST: readonly ExitCode[] = [
  EXIT.harness,
  EXIT.wrongUse,
  EXIT.violated,
  EXIT.undecided,
  EXIT.held,
]

/** The worst of all. */
export function exitCodeOf(results: readonly ScenarioResult[]): ExitCode {
  const codes = new Set(results.map(codeOf))
  return WORST_FIRST.find((code) => codes.has(code)) ?? EXIT.undecided
}

function codeOf({ verdict, usageError }: ScenarioResult): ExitCode {
  if (verdict === 'error') return usageError ? EXIT.wrongUse : EXIT.harness
  return EXIT[verdict]
}
