import { assertionText } from '../harness/core/assertion.ts'
import type { Coverage } from '../harness/core/result.ts'
import { count, wallTime, whole } from './figures.ts'

/**
 * The coverage of a search as sentences, gaps included: coverage is stated, absence of bugs never
 * claimed.
 */
export function coverageSentences(coverage: Coverage): {
  readonly did: readonly string[]
  readonly never: readonly string[]
} {
  const { runsByStrategy, never, selfChecks } = coverage
  const runs = Object.entries(runsByStrategy).map(([name, number]) => `${name} ${whole(number)}`)
  const checks =
    selfChecks === 0 ? [] : [`repeated: ${count(selfChecks, 'run')}, with the same history each time`]
  return {
    did: [
      `searched: ${runs.join(', ')}`,
      `covered: ${swept(coverage)}`,
      ...paired(coverage),
      ...cameTrue(coverage),
      ...measured(coverage),
      ...checks,
    ],
    never,
  }
}

/** Assertions of the app that had to come true, and did. */
function cameTrue({ assertions = [] }: Coverage): string[] {
  const met = assertions.filter(({ runs }) => runs > 0)
  if (met.length === 0) return []
  return [`came true: ${met.map((each) => `${assertionText(each)} (${count(each.runs, 'run')})`).join(', ')}`]
}

/** The highest figures of any run. */
function measured({ measured: most }: Coverage): string[] {
  if (most === undefined) return []
  const { lagMax, duplicatesMax, stoppedMsMax, recoveryMsMax } = most
  return [
    `measured at most: lag ${whole(lagMax)}, ${count(duplicatesMax, 'duplicate')} by one fault, ${wallTime(stoppedMsMax)} without progress at a partition, ${wallTime(recoveryMsMax)} to recover`,
  ]
}

/** How far the search came with pairs of faults. */
function paired({ pairs }: Coverage): string[] {
  if (pairs === undefined || pairs.detours.total === 0) return []
  const { detours, pairs: second } = pairs
  const isWhole = detours.done === detours.total && second.done >= second.total
  return [
    isWhole
      ? `covered: every pair of a detour (${count(detours.total, 'fault')} that makes the app take another path) and a hand-over after each sort of event behind it (${count(second.total, 'schedule')})`
      : `covered: ${whole(second.done)} of ${whole(second.total)} pairs of a detour and a hand-over behind it, for ${whole(detours.done)} of ${count(detours.total, 'detour')}`,
  ]
}

function swept({ sweep, namedEvents }: Coverage): string {
  const kinds = count(sweep.kinds.length, 'kind')
  const events = count(namedEvents, 'named event')
  if (sweep.total === 0) return `no single faults; the fault-free run has ${events}`
  return sweep.done === sweep.total
    ? `every single fault of ${kinds} after each of the ${events} where it can act (${count(sweep.total, 'schedule')})`
    : `${whole(sweep.done)} of ${whole(sweep.total)} single faults of ${kinds} over ${events}`
}

/**
 * How far a search that found nothing went, for its headline: a short one is not to look like a
 * long one.
 */
export function reach({ sweep, faults }: Coverage): string {
  if (faults.placed === 0) return ', without a fault'
  if (sweep.total === 0) return ''
  const tried = sweep.done === sweep.total ? 'all' : `${whole(sweep.done)} of`
  return `, with ${tried} ${count(sweep.total, 'single fault')}`
}

export interface PhaseTable {
  readonly phases: readonly string[]
  readonly rows: readonly { readonly kind: string; readonly runs: readonly number[] }[]
}

/** Kinds by phases, with the runs in which they met. */
export function phaseTable({ faultPhases }: Coverage): PhaseTable {
  const phases = [...new Set(faultPhases.map(({ phase }) => phase))].sort()
  const kinds = [...new Set(faultPhases.map(({ kind }) => kind))].sort()
  const rows = kinds.map((kind) => ({
    kind,
    runs: phases.map(
      (phase) => faultPhases.find((each) => each.kind === kind && each.phase === phase)?.runs ?? 0,
    ),
  }))
  return { phases, rows }
}
