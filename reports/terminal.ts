import { describeFault, describeHold, seconds } from '../harness/core/fault-words.ts'
import type { CounterexampleSummary, Coverage, ScenarioResult } from '../harness/core/result.ts'

/** How to mark text; the identity where there is no colour. */
export interface Paint {
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  bold(text: string): string
  dim(text: string): string
}

const same = (text: string): string => text
export const PLAIN: Paint = { red: same, green: same, yellow: same, bold: same, dim: same }

/** What a person reads of one scenario, on a terminal or in a test's failure. Ends without a newline. */
export function terminalReport(result: ScenarioResult, paint: Paint = PLAIN): string {
  const lines = [
    `${mark(result, paint)} ${paint.bold(result.name)} ${paint.dim(`(${result.guarantee})`)}  ${headline(result)}`,
  ]
  if (result.problem !== null) lines.push(`  ${result.problem}`)
  if (result.counterexample !== null) lines.push(...counterexampleLines(result, result.counterexample, paint))
  if (result.verdict === 'held' && result.coverage !== null)
    lines.push(...coverageLines(result.coverage, paint))
  for (const { property, message } of result.notes) lines.push(paint.dim(`  noted: ${property}: ${message}`))
  return lines.join('\n')
}

function mark({ verdict }: ScenarioResult, paint: Paint): string {
  switch (verdict) {
    case 'held':
      return paint.green('✓')
    case 'violated':
      return paint.red('✗')
    default:
      return paint.yellow('?')
  }
}

function headline({
  verdict,
  runs,
  schedulesPerSecond,
  durationMs,
  seed,
  interrupted,
}: ScenarioResult): string {
  const spent = `${count(runs, 'schedule')} in ${(durationMs / 1000).toFixed(1)} s (${Math.round(schedulesPerSecond)}/s), seed ${seed}`
  return `${verdict}: ${spent}${interrupted ? ', interrupted' : ''}`
}

function counterexampleLines(result: ScenarioResult, summary: CounterexampleSummary, paint: Paint): string[] {
  const { explanation, schedule, violation } = summary.content
  const width = Math.max(...explanation.story.map(({ lane }) => lane.length), 0)
  const story = explanation.story.map(({ timeUs, lane, text }, index) => {
    const time = `${(timeUs / 1_000_000).toFixed(3)} s`
    return `    ${String(index + 1).padStart(2)}. ${paint.dim(time.padStart(11))}  ${lane.padEnd(width)}  ${text}`
  })
  const faults = schedule.faults.map((fault, index) => {
    const needed = explanation.necessary[index]?.needed ?? true
    return `    ${describeFault(fault)}${needed ? '' : ' (not needed)'}`
  })
  const holds = schedule.holds.map((hold) => `    ${describeHold(hold)}`)
  const causes = [...faults, ...holds]
  const size = [
    count(summary.faults, 'fault'),
    count(summary.holds, 'hold'),
    count(summary.records, 'record'),
    count(summary.consumers, 'process', 'processes'),
    count(summary.partitions, 'partition'),
  ].join(', ')
  return [
    '',
    `  ${paint.red(violation.property)}: ${explanation.sentence}`,
    '',
    ...story,
    '',
    causes.length === 0
      ? '  It needs no fault: this is what happens when nothing goes wrong.'
      : '  It needs:',
    ...causes,
    '',
    `  Found after ${count(summary.foundAfterRuns, 'schedule')}; shrunk in ${count(summary.shrinkRuns, 'run')} (${seconds(Math.round(summary.shrinkMs))}) to ${size}.`,
    ...result.violations
      .filter(({ property }) => property !== violation.property)
      .map(({ property, message }) => `  also ${property}: ${message}`),
    ...(summary.replayCommand === null ? [] : [`  Replay: ${paint.bold(summary.replayCommand)}`]),
  ]
}

function coverageLines(
  { runsByStrategy, sweep, namedEvents, never, selfChecks }: Coverage,
  paint: Paint,
): string[] {
  const runs = Object.entries(runsByStrategy).map(([name, number]) => `${name} ${number}`)
  const swept =
    sweep.done === sweep.total
      ? `every single fault of ${count(sweep.kinds.length, 'kind')} after each of the ${namedEvents} named events where it applies (${sweep.total} schedules)`
      : `${sweep.done} of ${sweep.total} single faults of ${count(sweep.kinds.length, 'kind')} over ${namedEvents} named events`
  return [
    paint.dim(`  searched: ${runs.join(', ')}`),
    paint.dim(`  covered: ${swept}; ${count(selfChecks, 'run')} repeated with equal histories`),
    ...never.map((sentence) => paint.dim(`  not covered: ${sentence}`)),
  ]
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** The last line over several scenarios. */
export function terminalSummary(results: readonly ScenarioResult[]): string {
  const by = (verdict: ScenarioResult['verdict']): number =>
    results.filter((result) => result.verdict === verdict).length
  return (['held', 'violated', 'undecided', 'error'] as const)
    .filter((verdict) => by(verdict) > 0)
    .map((verdict) => `${by(verdict)} ${verdict}`)
    .join(', ')
}
