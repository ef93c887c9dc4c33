import { jsonText } from '../core/json.ts'
import type { ScenarioResult } from '../core/result.ts'
import { FAULT_FREE } from '../search/coverage.ts'
import { coverageOfAll } from '../search/merged-coverage.ts'
import { unmetAssertions } from './unmet-assertions.ts'

/** Results that say most first: what one part found is found, whatever happened to another one. */
const WORST_FIRST: readonly ScenarioResult['verdict'][] = ['violated', 'error', 'undecided', 'held']

/** One result for each scenario, of those that the parts of a search gave, in their order. */
export function mergeResults(parts: readonly (readonly ScenarioResult[])[]): readonly ScenarioResult[] {
  const byScenario = Map.groupBy(parts.flat(), ({ file, name }) => jsonText([file, name]))
  return [...byScenario.values()].flatMap((results) => {
    const [first, ...others] = results
    return first === undefined ? [] : [mergeScenario([first, ...others])]
  })
}

function mergeScenario(results: readonly [ScenarioResult, ...ScenarioResult[]]): ScenarioResult {
  const worst = worstOf(results)
  const coverages = results.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]))
  const [first, ...others] = coverages
  const coverage = first === undefined ? null : coverageOfAll([first, ...others])
  const calmRuns = coverages.reduce((runs, { runsByStrategy }) => runs + (runsByStrategy[FAULT_FREE] ?? 0), 0)
  const firstOf = <T>(values: readonly T[], key: (value: T) => unknown): readonly T[] =>
    [...Map.groupBy(values, key).values()].flatMap((same) => same.slice(0, 1))
  const found = firstOf(
    results
      .toSorted(byFound)
      .flatMap(({ counterexample, others: more }) => [
        ...(counterexample === null ? [] : [counterexample]),
        ...more,
      ]),
    ({ cause }) => cause,
  ).filter(({ cause }) => cause !== worst.counterexample?.cause)
  const hidden = results.flatMap(({ verdict, problem }) =>
    verdict === 'error' && worst.verdict !== 'error' ? [`a part of the search ended early: ${problem}`] : [],
  )
  // As many as each part was asked for, if one of them found as many.
  const most = Math.max(...results.map(({ others: more }) => more.length))
  const merged: ScenarioResult = {
    ...worst,
    others: found.slice(0, most),
    recalled: results.find(({ recalled }) => recalled !== null)?.recalled ?? null,
    // The run without faults is the same in all parts.
    runs:
      results.reduce((runs, each) => runs + each.runs, 0) -
      (calmRuns - (coverage?.runsByStrategy[FAULT_FREE] ?? 0)),
    durationMs: Math.max(...results.map(({ durationMs }) => durationMs)),
    schedulesPerSecond: results.reduce((rate, { schedulesPerSecond }) => rate + schedulesPerSecond, 0),
    notes: firstOf(
      results.flatMap(({ notes }) => notes),
      ({ property }) => property,
    ),
    remarks: [...new Set([...results.flatMap(({ remarks }) => remarks), ...hidden])],
    coverage,
    interrupted: results.some(({ interrupted }) => interrupted),
  }
  return results.every(onlyUnmet) ? { ...merged, ...metTogether(worst, merged) } : merged
}

/** Nothing speaks against it but an assertion that did not come true in this part. */
function onlyUnmet(part: ScenarioResult): boolean {
  return part.verdict === 'held' || (part.verdict === 'undecided' && part.problem === unmetAssertions(part))
}

/** Verdict over all parts: an assertion may have come true in another one. */
function metTogether(
  worst: ScenarioResult,
  merged: ScenarioResult,
): Pick<ScenarioResult, 'verdict' | 'problem'> {
  const problem = unmetAssertions(merged)
  if (problem !== null) return { verdict: 'undecided', problem }
  return { verdict: 'held', problem: worst.verdict === 'held' ? worst.problem : null }
}

/** Of several that violated, the one that needed the fewest schedules: the parts take turns. */
function worstOf(results: readonly [ScenarioResult, ...ScenarioResult[]]): ScenarioResult {
  const [worst = results[0]] = results.toSorted(
    (a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict) || byFound(a, b),
  )
  return worst
}

function byFound(a: ScenarioResult, b: ScenarioResult): number {
  const after = ({ counterexample }: ScenarioResult): number =>
    counterexample?.foundAfterRuns ?? Number.MAX_SAFE_INTEGER
  return after(a) - after(b)
}
