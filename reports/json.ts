import type { ScenarioResult } from '../harness/core/result.ts'

/** Raised when the shape below changes incompatibly. */
const VERSION = 1

/** What `--json` writes; the shape is part of the public contract. */
export function jsonReport(results: readonly ScenarioResult[]): string {
  const scenarios = results.map((result) => {
    const {
      name,
      file,
      verdict,
      runs,
      seed,
      strategy,
      durationMs,
      schedulesPerSecond,
      violations,
      counterexample,
    } = result
    const summary =
      counterexample === null
        ? null
        : {
            file: counterexample.file,
            faults: counterexample.faults,
            holds: counterexample.holds,
            records: counterexample.records,
            consumers: counterexample.consumers,
            partitions: counterexample.partitions,
            sentence: counterexample.content.explanation.sentence,
            shrinkRuns: counterexample.shrinkRuns,
            foundAfterRuns: counterexample.foundAfterRuns,
          }
    return {
      name,
      file,
      verdict,
      runs,
      seed,
      strategy,
      durationMs: Math.round(durationMs),
      schedulesPerSecond: Math.round(schedulesPerSecond),
      violations,
      counterexample: summary,
      notes: result.notes,
      coverage: result.coverage,
      problem: result.problem,
      interrupted: result.interrupted,
    }
  })
  return `${JSON.stringify({ version: VERSION, scenarios }, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`
}
