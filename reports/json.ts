import { jsonText } from '../harness/core/json.ts'
import type { CounterexampleSummary, ScenarioResult } from '../harness/core/result.ts'

/** Raised when the shape below changes incompatibly. */
const VERSION = 1

/** The text of `--json`; its shape is part of the public contract. Ends with a newline. */
export function jsonReport(results: readonly ScenarioResult[]): string {
  return `${jsonText({ version: VERSION, scenarios: results.map(scenarioOf) }, bigintSafe, 2)}\n`
}

function scenarioOf(result: ScenarioResult): unknown {
  const { name, file, verdict, runs, seed, strategy, violations, counterexample } = result
  return {
    name,
    file,
    verdict,
    runs,
    seed,
    strategy,
    durationMs: Math.round(result.durationMs),
    schedulesPerSecond: Math.round(result.schedulesPerSecond),
    violations: violations.map(({ property, message, events }) => ({ property, message, events })),
    counterexample: counterexample === null ? null : counterexampleOf(counterexample),
    others: result.others.map(counterexampleOf),
    recalled: result.recalled,
    guarantee: result.guarantee,
    problem: result.problem,
    wrongUse: result.usageError,
    interrupted: result.interrupted,
    remarks: result.remarks,
    output: result.output.map(({ timeUs, ...line }) => ({ virtualMs: timeUs / 1000, ...line })),
    notes: result.notes.map(({ property, message, events }) => ({ property, message, events })),
    coverage: result.coverage,
  }
}

function counterexampleOf(summary: CounterexampleSummary): unknown {
  const { file, faults, holds, records, consumers, partitions, content } = summary
  return {
    file,
    faults,
    holds,
    records,
    consumers,
    partitions,
    property: content.violation.property,
    sentence: content.explanation.sentence,
    story: content.explanation.story,
    replayCommand: summary.replayCommand,
    foundAfterRuns: summary.foundAfterRuns,
    minimal: summary.minimal,
    cause: summary.cause,
    state: summary.state ?? null,
    knownFrom: summary.knownFrom,
    shrinkRuns: summary.shrinkRuns,
    shrinkMs: Math.round(summary.shrinkMs),
    ...(summary.series.length === 0 ? {} : { series: summary.series }),
    ...(summary.confirmation === undefined ? {} : { confirmation: summary.confirmation }),
  }
}

function bigintSafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
