import { confirmationSentence } from '../harness/core/confirmation.ts'
import type { CounterexampleSummary, Coverage, ScenarioResult } from '../harness/core/result.ts'
import { outputLines } from './console.ts'
import { coverageSentences, reach } from './coverage.ts'
import {
  causeLines,
  explanationLines,
  legendOf,
  NOT_YET_MINIMAL,
  otherViolations,
  shrinkingOf,
} from './explanation.ts'
import { count, listed, wallTime, whole } from './figures.ts'
import { foundBy, recalledSentences, stateSentence } from './memory.ts'
import { type Page, type Paint, PLAIN_PAGE } from './paint.ts'
import { wrap } from './wrap.ts'

/** The text for one scenario, on a terminal or in a test's failure. Ends without a newline. */
export function terminalReport(result: ScenarioResult, page: Page = PLAIN_PAGE): string {
  const { problem, counterexample, coverage, notes, remarks, verdict } = result
  const lines = [headline(result, page.paint)]
  if (problem !== null) lines.push(...problemLines(problem, page))
  if (counterexample === null) lines.push(...outputLines(result.output, page))
  if (counterexample !== null) lines.push(...counterexampleLines(result, counterexample, page))
  for (const other of result.others)
    lines.push('', page.paint.bold('  Another finding'), ...counterexampleLines(result, other, page))
  lines.push(...recalledLines(result, page))
  if (verdict !== 'violated' && coverage !== null) lines.push(...coverageLines(coverage, page))
  for (const remark of remarks) lines.push(...dimmed(wrap('  ', remark, page.width), page.paint))
  // Beside a counterexample they would tell of other schedules, with other records and processes.
  for (const { property, message } of verdict === 'violated' ? [] : notes)
    lines.push(...dimmed(wrap('  noted: ', `${property}: ${message}`, page.width), page.paint))
  return lines.join('\n')
}

function headline(result: ScenarioResult, paint: Paint): string {
  const { guarantee, runs, durationMs, schedulesPerSecond, seed, usageError, coverage } = result
  const name = paint.bold(result.name)
  const rate = `${wallTime(durationMs)}, ${whole(schedulesPerSecond)}/s`
  switch (result.verdict) {
    case 'held':
      return `${paint.green('✓')} ${name} is ${guarantee}: ${paint.green('held')} over ${count(runs, 'schedule')}${coverage === null ? '' : reach(coverage)} (${rate}), seed ${seed}`
    case 'violated':
      return `${paint.red('✗')} ${name} is not ${guarantee}: ${paint.red('violated')} ${afterWhat(result)}, seed ${seed}`
    case 'undecided':
      return `${paint.yellow('?')} ${name} is ${guarantee}: ${paint.yellow('undecided')} after ${count(runs, 'schedule')} (${rate}), seed ${seed}`
    case 'error':
      return `${paint.yellow('!')} ${name}: ${paint.yellow(usageError ? 'cannot be checked' : 'harness error')}`
  }
}

function afterWhat({ runs, counterexample, others }: ScenarioResult): string {
  const all = [...(counterexample === null ? [] : [counterexample]), ...others]
  const known = all.length > 0 && all.every(({ knownFrom }) => knownFrom !== null)
  const after = known && runs === 0 ? 'by what failed before' : `after ${count(runs, 'schedule')}`
  return all.length < 2 ? after : `${after}, in ${whole(all.length)} ways`
}

/** Lines about the counterexamples of earlier checks, and whether the search began with them. */
function recalledLines({ recalled }: ScenarioResult, page: Page): string[] {
  if (recalled === null) return []
  const { did, changed, leftOut } = recalledSentences(recalled)
  return [
    ...(did === null ? [] : dimmed(wrap('  ', did, page.width), page.paint)),
    ...changed.flatMap((sentence) => wrap('  ', sentence, page.width)),
    ...leftOut.flatMap((sentence) => wrap('  ', sentence, page.width)),
  ]
}

/** Kept of the first counterexample's run. */
function outputOf(
  { counterexample, output }: ScenarioResult,
  summary: CounterexampleSummary,
  page: Page,
): string[] {
  const lines = summary === counterexample ? outputLines(output, page) : []
  return lines.length === 0 ? [] : [...lines, '']
}

/** A stack trace keeps its lines. */
function problemLines(problem: string, { width }: Page): string[] {
  const lines = problem.split('\n')
  return lines.length === 1 ? wrap('  ', problem, width) : lines.map((line) => `  ${line}`)
}

function counterexampleLines(result: ScenarioResult, summary: CounterexampleSummary, page: Page): string[] {
  const { content, replayCommand } = summary
  const { violation, explanation } = content
  const shrunk = `${foundBy(summary)}; ${shrinkingOf(summary)} to ${sizeOf(summary)}.`
  // Findings seen beside it belong to the worst one.
  const others = summary === result.counterexample ? otherViolations(result.violations, violation) : []
  return [
    ...explanationLines(violation.property, explanation, page),
    '',
    ...causeLines(content, page),
    '',
    ...outputOf(result, summary, page),
    ...others.flatMap(({ property, message }) => wrap('  also ', `${property}: ${message}`, page.width)),
    ...dimmed(wrap('  ', legendOf(content), page.width), page.paint),
    ...wrap('  ', shrunk, page.width),
    ...(summary.state === undefined ? [] : wrap('  ', stateSentence(summary.state), page.width)),
    ...(summary.minimal ? [] : wrap('  ', NOT_YET_MINIMAL, page.width)),
    ...confirmationLines(summary, page),
    // Never broken: it is there to be copied.
    ...(replayCommand === null ? [] : [`  Replay: ${page.paint.bold(replayCommand)}`]),
  ]
}

function confirmationLines({ confirmation }: CounterexampleSummary, { width }: Page): string[] {
  if (confirmation === undefined) return []
  return wrap('  ', confirmationSentence(confirmation), width)
}

function sizeOf({ faults, holds, records, consumers, partitions }: CounterexampleSummary): string {
  return listed([
    count(faults, 'fault'),
    ...(holds === 0 ? [] : [count(holds, 'hold')]),
    count(records, 'record'),
    count(consumers, 'process', 'processes'),
    count(partitions, 'partition'),
  ])
}

function coverageLines(coverage: Coverage, { paint, width }: Page): string[] {
  const { did, never } = coverageSentences(coverage)
  return [
    ...did.flatMap((sentence) => dimmed(wrap('  ', sentence, width), paint)),
    ...never.flatMap((sentence) => wrap('  not covered: ', sentence, width)),
  ]
}

function dimmed(lines: readonly string[], { dim }: Paint): string[] {
  return lines.map(dim)
}

/** The last line over several scenarios: `2 held, 1 violated`. */
export function terminalSummary(results: readonly ScenarioResult[]): string {
  return (['held', 'violated', 'undecided', 'error'] as const)
    .map((verdict) => ({ verdict, number: results.filter((each) => each.verdict === verdict).length }))
    .filter(({ number }) => number > 0)
    .map(({ verdict, number }) => `${whole(number)} ${verdict}`)
    .join(', ')
}
