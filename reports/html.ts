import { confirmationSentence } from '../harness/core/confirmation.ts'
import type { MeasureSeries } from '../harness/core/measure-series.ts'
import type { CounterexampleSummary, Coverage, ScenarioResult } from '../harness/core/result.ts'
import { coverageSentences, phaseTable } from './coverage.ts'
import {
  causesOf,
  certainty,
  legendOf,
  NOT_YET_MINIMAL,
  otherViolations,
  shrinkingOf,
  withoutFault,
} from './explanation.ts'
import { count, wallTime, whole } from './figures.ts'
import { measureCharts } from './html-chart.ts'
import { laneDiagram } from './html-diagram.ts'
import { continuationStrip } from './html-strip.ts'
import { STYLE } from './html-style.ts'
import { markup } from './markup.ts'
import { foundBy, recalledSentences, stateSentence } from './memory.ts'
import { terminalSummary } from './terminal.ts'

/** One self-contained page for a whole check: verdicts, stories as lane diagrams, coverage. */
export function htmlReport(results: readonly ScenarioResult[]): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Onceover: ${markup(terminalSummary(results))}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>Onceover: ${markup(terminalSummary(results))}</h1>`,
    '<ul class="list">',
    ...results.map(listEntry),
    '</ul>',
    ...results.map(section),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

function listEntry(result: ScenarioResult, index: number): string {
  const { name, guarantee, verdict, runs, file } = result
  const about = [...(verdict === 'error' ? [] : [`(${guarantee})`]), ...(file === null ? [] : [file])].join(
    ' ',
  )
  return `<li><span class="verdict ${verdict}">${verdict}</span><span class="name"><a href="#scenario-${index}">${markup(name)}</a> <span class="soft">${markup(about)}</span></span><span class="soft">${count(runs, 'schedule')}</span></li>`
}

function section(result: ScenarioResult, index: number): string {
  const { name, guarantee, verdict, runs, durationMs, seed, strategy, counterexample, coverage } = result
  const claim = verdict === 'error' ? '' : ` ${verdict === 'violated' ? 'is not' : 'is'} ${guarantee}`
  return [
    `<section id="scenario-${index}">`,
    `<h2><span class="${verdict}">${verdict}</span>: ${markup(`${name}${claim}`)}</h2>`,
    `<p class="soft">${count(runs, 'schedule')} in ${wallTime(durationMs)}, strategy ${markup(strategy)}, seed <code>${markup(seed)}</code></p>`,
    ...(result.problem === null ? [] : [problem(result.problem)]),
    ...(counterexample === null ? [] : counterexampleParts(result, counterexample)),
    ...result.others.flatMap((other) => ['<h3>Another finding</h3>', ...counterexampleParts(result, other)]),
    ...recalledParts(result.recalled),
    // A search that found something ended there: what it had covered says nothing.
    ...(coverage === null || verdict === 'violated' ? [] : coverageParts(coverage)),
    ...list('How it was judged', result.remarks),
    // Beside a counterexample they would tell of other schedules, with other records and processes.
    ...list(
      'Noted, and allowed by the guarantee',
      (verdict === 'violated' ? [] : result.notes).map(({ property, message }) => `${property}: ${message}`),
    ),
    '</section>',
  ].join('\n')
}

function problem(text: string): string {
  return text.includes('\n') ? `<pre>${markup(text)}</pre>` : `<p>${markup(text)}</p>`
}

function recalledParts(recalled: ScenarioResult['recalled']): string[] {
  if (recalled === null) return []
  const { did, changed, leftOut } = recalledSentences(recalled)
  return list('From earlier checks', [...(did === null ? [] : [did]), ...changed, ...leftOut])
}

function counterexampleParts(result: ScenarioResult, summary: CounterexampleSummary): string[] {
  const { content, confirmation, replayCommand, state } = summary
  const { violation, explanation, schedule } = content
  const causes = causesOf({ schedule, explanation })
  const others = summary === result.counterexample ? otherViolations(result.violations, violation) : []
  const { minimal, records, consumers, partitions } = summary
  return [
    `<p class="cause"><strong>${violation.property}</strong>: ${markup(explanation.sentence)}</p>`,
    `<div class="wide">${laneDiagram(content)}</div>`,
    `<p class="soft">${markup(legendOf(content))}</p>`,
    ...list(
      causes.length === 0 ? 'Cause' : 'It takes',
      causes.length === 0 ? [withoutFault(explanation)] : causes,
    ),
    ...(causes.length === 0 ? [] : [`<p>${markup(certainty(explanation))}</p>`]),
    ...continuationStrip(explanation),
    ...charts('Measures of this run', summary.series),
    ...(state === undefined ? [] : [`<p>${stateSentence(state)}</p>`]),
    ...list(
      'Also seen',
      others.map(({ property, message }) => `${property}: ${message}`),
    ),
    ...(confirmation === undefined ? [] : [`<p>${markup(confirmationSentence(confirmation))}</p>`]),
    ...(replayCommand === null ? [] : ['<h3>Replay</h3>', `<pre>${markup(replayCommand)}</pre>`]),
    `<p class="soft">${markup(foundBy(summary))}; ${shrinkingOf(summary)} to ${count(records, 'record')}, ${count(consumers, 'process', 'processes')} and ${count(partitions, 'partition')}.${minimal ? '' : ` ${NOT_YET_MINIMAL}`} Made with ${markup(content.made.client)}, Node ${markup(content.made.node)}, onceover ${markup(content.made.harness)}.</p>`,
  ]
}

function coverageParts(coverage: Coverage): string[] {
  const { did, never } = coverageSentences(coverage)
  const { phases, rows } = phaseTable(coverage)
  const table = [
    '<h3>Schedules in which a fault fell into a phase</h3>',
    '<div class="wide"><table>',
    `<tr><th></th>${phases.map((phase) => `<th>${markup(phase)}</th>`).join('')}</tr>`,
    ...rows.map(
      ({ kind, runs }) =>
        `<tr><th>${markup(kind)}</th>${runs.map((number) => `<td${number === 0 ? ' class="never"' : ''}>${whole(number)}</td>`).join('')}</tr>`,
    ),
    '</table></div>',
  ]
  return [
    ...list('Coverage', did),
    ...list('Not covered', never),
    ...charts('Measures, each in the schedule in which it was highest', coverage.series ?? []),
    ...(rows.length === 0 ? [] : table),
  ]
}

function charts(title: string, series: readonly MeasureSeries[]): string[] {
  return series.length === 0 ? [] : [`<h3>${title}</h3>`, ...measureCharts(series)]
}

function list(title: string, entries: readonly string[]): string[] {
  if (entries.length === 0) return []
  return [`<h3>${title}</h3>`, `<ul>${entries.map((entry) => `<li>${markup(entry)}</li>`).join('')}</ul>`]
}
