import type { ScenarioResult } from '../harness/core/result.ts'
import { markup } from './markup.ts'
import { terminalReport } from './terminal.ts'

/**
 * JUnit's XML as CI servers read it: one test case a scenario. Undecided is an error there: it must
 * not pass.
 */
export function junitReport(results: readonly ScenarioResult[]): string {
  const failures = results.filter(({ verdict }) => verdict === 'violated').length
  const errors = results.filter(({ verdict }) => verdict === 'undecided' || verdict === 'error').length
  const spentMs = results.reduce((sum, { durationMs }) => sum + durationMs, 0)
  const totals = `tests="${results.length}" failures="${failures}" errors="${errors}" time="${(spentMs / 1000).toFixed(3)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="onceover" ${totals}>`,
    ...results.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(result: ScenarioResult): string {
  const { name, guarantee, durationMs, verdict, violations, counterexample, problem, file } = result
  const place = file === null ? '' : ` file="${markup(file)}"`
  const open = `    <testcase classname="onceover" name="${markup(`${name} is ${guarantee}`)}"${place} time="${(durationMs / 1000).toFixed(3)}"`
  const text = markup(terminalReport(result))
  if (verdict === 'held') return `${open}>\n      <system-out>${text}</system-out>\n    </testcase>`
  const [violation] = violations
  const element = verdict === 'violated' ? 'failure' : 'error'
  const type = verdict === 'violated' ? (violation?.property ?? verdict) : verdict
  const sentence = counterexample?.content.explanation.sentence ?? violation?.message ?? problem ?? verdict
  return `${open}>\n      <${element} type="${type}" message="${markup(sentence)}">${text}</${element}>\n    </testcase>`
}
