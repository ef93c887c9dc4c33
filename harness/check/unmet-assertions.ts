import { assertionText } from '../core/assertion.ts'
import type { ScenarioResult } from '../core/result.ts'

/**
 * The reason why a check that found nothing says nothing: an assertion that must come true once
 * never did. Null: all came true.
 */
export function unmetAssertions({
  coverage,
  runs,
}: Pick<ScenarioResult, 'coverage' | 'runs'>): string | null {
  const [first, ...others] = (coverage?.assertions ?? []).filter((each) => each.runs === 0)
  if (first === undefined) return null
  const schedules = `${runs} schedule${runs === 1 ? '' : 's'}`
  const more = others.length === 0 ? '' : `, nor did ${others.map(assertionText).join(', ')}`
  return `${assertionText(first)} never came true in ${schedules}${more}: raise --runs, or let the scenario have faults and records that bring it about`
}
