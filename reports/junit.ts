import type { ScenarioResult } from '../harness/core/result.ts'
import { terminalReport } from './terminal.ts'

/** JUnit's XML, as CI servers read it: one test case a scenario. */
export function junitReport(results: readonly ScenarioResult[]): string {
  const failures = results.filter(({ verdict }) => verdict === 'violated').length
  const errors = results.filter(({ verdict }) => verdict === 'error').length
  const skipped = results.filter(({ verdict }) => verdict === 'undecided').length
  const cases = results.map((result) => {
    const { name, guarantee, durationMs, verdict, violations } = result
    const open = `    <testcase classname="onceover" name="${xmlText(`${name} is ${guarantee}`)}" time="${(durationMs / 1000).toFixed(3)}"`
    const text = xmlText(terminalReport(result))
    if (verdict === 'held') return `${open}/>`
    if (verdict === 'undecided')
      return `${open}>\n      <skipped message="${xmlText(result.problem ?? 'undecided')}"/>\n    </testcase>`
    const element = verdict === 'violated' ? 'failure' : 'error'
    const message = xmlText(violations[0]?.message ?? result.problem ?? verdict)
    return `${open}>\n      <${element} message="${message}">${text}</${element}>\n    </testcase>`
  })
  const suite = `  <testsuite name="onceover" tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${skipped}">`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    suite,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function xmlText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
