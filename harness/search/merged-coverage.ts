import { assertionText } from '../core/assertion.ts'
import type { Coverage } from '../core/result.ts'
import { MEASURES } from '../core/verdict.ts'
import { counted, FAULT_FREE, highestOf, inOrder } from './coverage.ts'

/** The joint coverage of the parts of one search. */
export function coverageOfAll(parts: readonly [Coverage, ...Coverage[]]): Coverage {
  const [first] = parts
  const sum = (of: (part: Coverage) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const strategies = [...new Set(parts.flatMap(({ runsByStrategy }) => Object.keys(runsByStrategy)))]
  const pairs = Map.groupBy(
    parts.flatMap(({ faultPhases }) => faultPhases),
    ({ kind, phase }) => `${kind} × ${phase}`,
  )
  const ofPairs = parts.flatMap((part) => (part.pairs === undefined ? [] : [part.pairs]))
  // Each part has run it, and compared it with its repeat.
  const calm = parts.map(({ runsByStrategy }) => runsByStrategy[FAULT_FREE] ?? 0)
  const calmOnce = Math.max(...calm)
  const total = {
    ...(ofPairs.length === 0 ? {} : { pairs: pairsOfAll(ofPairs) }),
    runsByStrategy: Object.fromEntries(
      strategies.map((name) => [
        name,
        name === FAULT_FREE ? calmOnce : sum(({ runsByStrategy }) => runsByStrategy[name] ?? 0),
      ]),
    ),
    namedEvents: first.namedEvents,
    sweep: {
      ...first.sweep,
      done: Math.min(
        first.sweep.total,
        sum(({ sweep }) => sweep.done),
      ),
    },
    faultPhases: [...pairs.values()]
      .flatMap((same) =>
        same.slice(0, 1).map((pair) => ({ ...pair, runs: same.reduce((runs, each) => runs + each.runs, 0) })),
      )
      .sort((a, b) => inOrder(a.kind, b.kind) || inOrder(a.phase, b.phase)),
    faults: { placed: sum(({ faults }) => faults.placed), skipped: sum(({ faults }) => faults.skipped) },
    beyond: [
      ...Map.groupBy(
        parts.flatMap(({ beyond }) => beyond),
        ({ what }) => what,
      ),
    ].map(([what, same]) => ({ what, runs: same.reduce((runs, each) => runs + each.runs, 0) })),
    ...measuredOfAll(parts),
    ...seriesOfAll(parts),
    ...assertionsOfAll(parts),
    selfChecks: sum(({ selfChecks }) => selfChecks) - calm.reduce((runs, each) => runs + each, -calmOnce),
  }
  // Only what no part hit was never hit; sentences with numbers are those of all.
  const never = first.never.filter(
    (sentence) => !counted(first).includes(sentence) && parts.every((part) => part.never.includes(sentence)),
  )
  return { ...total, never: [...counted(total), ...never] }
}

function measuredOfAll(parts: readonly Coverage[]): Pick<Coverage, 'measured'> {
  const [first, ...others] = parts.flatMap(({ measured }) => (measured === undefined ? [] : [measured]))
  return first === undefined ? {} : { measured: others.reduce(highestOf, first) }
}

/** Of each measure that of the part in which it is highest. */
function seriesOfAll(parts: readonly Coverage[]): Pick<Coverage, 'series'> {
  const all = parts.flatMap(({ series = [] }) => series)
  if (all.length === 0) return {}
  const highestFirst = all.toSorted((a, b) => b.highest - a.highest)
  return {
    series: MEASURES.flatMap((name) => highestFirst.find(({ measure }) => measure === name) ?? []),
  }
}

function assertionsOfAll(parts: readonly Coverage[]): Pick<Coverage, 'assertions'> {
  const all = parts.flatMap(({ assertions = [] }) => assertions)
  if (all.length === 0) return {}
  const same = [...Map.groupBy(all, assertionText).values()]
  return {
    assertions: same.flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, runs: others.reduce((total, { runs }) => total + runs, first.runs) }],
    ),
  }
}

function pairsOfAll(parts: readonly NonNullable<Coverage['pairs']>[]): NonNullable<Coverage['pairs']> {
  const sum = (of: 'detours' | 'pairs', which: 'done' | 'total'): number =>
    parts.reduce((total, part) => total + part[of][which], 0)
  return {
    detours: { done: sum('detours', 'done'), total: sum('detours', 'total') },
    pairs: { done: sum('pairs', 'done'), total: sum('pairs', 'total') },
  }
}
