import { assertionText, type ExpectedAssertion } from '../core/assertion.ts'
import { processOfEvent } from '../core/event-names.ts'
import { definitionOf, type Fault, type FaultKind } from '../core/fault.ts'
import { FAULTS } from '../core/faults/index.ts'
import type { Phase } from '../core/faults/phases.ts'
import type { Coverage } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import { MEASURES, type Measured, type Verdict } from '../core/verdict.ts'
import type { RunResult } from '../run/run.interface.ts'
import { PhaseTracker } from './phases.ts'

/** The name of the run without faults among the strategies. */
export const FAULT_FREE = 'fault-free'

/** Pairs that a search should hit; if it never did, the report says so. */
const OF_INTEREST: readonly { readonly kind: FaultKind; readonly phase: Phase }[] = FAULTS.flatMap(
  ({ kind, phases = [] }) => phases.map((phase) => ({ kind, phase })),
)

export interface Covered {
  readonly namedEvents: number
  readonly sweep: { readonly done: number; readonly total: number }
  readonly pairs?: Coverage['pairs'] | undefined
  readonly kinds: readonly FaultKind[]
  /** Assertions that must come true, as the app's code has them. */
  readonly assertions?: readonly ExpectedAssertion[]
  /** Kinds that were skipped, and why. */
  readonly impossible?: readonly { readonly kind: FaultKind; readonly why: string }[]
}

/** Where the faults of one run fell, up to its last. */
export interface Hits {
  readonly placed: number
  readonly skipped: number
  /** Each once. */
  readonly pairs: readonly { readonly kind: FaultKind; readonly phase: Phase }[]
}

export function hitsOf({ schedule, history, skipped }: RunResult): Hits {
  const hits = { placed: schedule.faults.length, skipped: skipped.length }
  const skippedIndexes = skipped.map(({ index }) => index)
  let left = schedule.faults.length - skippedIndexes.length
  if (left <= 0) return { ...hits, pairs: [] }
  const phases = new PhaseTracker()
  const pairs = new Map<FaultKind, Set<Phase>>()
  for (const event of history.events) {
    if (event.kind !== 'fault') {
      phases.observe(event)
      continue
    }
    if (event.phase !== 'begins' || skippedIndexes.includes(event.index)) continue
    const { kind } = event.fault
    pairs.set(kind, (pairs.get(kind) ?? new Set()).add(phases.of(processOf(event.fault))))
    left -= 1
    if (left === 0) break
  }
  return { ...hits, pairs: [...pairs].flatMap(([kind, hit]) => [...hit].map((phase) => ({ kind, phase }))) }
}

/** Counts what a search does while it runs. */
export class CoverageCounter {
  readonly #runsByStrategy: Map<string, number> = new Map()
  /** Runs by kind and phase. */
  readonly #pairs: Map<FaultKind, Map<Phase, number>> = new Map()
  /** Runs by what they needed that no service could show. */
  readonly #beyond: Map<string, number> = new Map()
  /** Assertions that must come true, and in how many runs they did. */
  readonly #assertions: Map<string, ExpectedAssertion & { runs: number }> = new Map()
  #measured: Measured | null = null
  /** The first schedule that each measure was highest in. */
  readonly highestIn: Map<keyof Measured, Schedule> = new Map()
  #placed = 0
  #skipped = 0
  selfChecks = 0

  add(strategy: string, { placed, skipped, pairs }: Hits): void {
    this.#runsByStrategy.set(strategy, this.runsOf(strategy) + 1)
    this.#placed += placed
    this.#skipped += skipped
    for (const { kind, phase } of pairs) this.#count(kind, phase)
  }

  addBeyond(what: string): void {
    this.#beyond.set(what, (this.#beyond.get(what) ?? 0) + 1)
  }

  addAssertions(outcomes: Verdict['assertions'] = []): void {
    for (const { met, ...assertion } of outcomes) {
      const known = this.#expect(assertion)
      if (met) known.runs += 1
    }
  }

  addMeasured(measured: Measured | undefined, schedule: Schedule): void {
    if (measured === undefined) return
    const before = this.#measured
    for (const measure of MEASURES)
      if (before === null || measured[measure] > before[measure]) this.highestIn.set(measure, schedule)
    this.#measured = highestOf(before ?? measured, measured)
  }

  #expect({ assertion, message }: ExpectedAssertion): { runs: number } {
    const key = assertionText({ assertion, message })
    const known = this.#assertions.get(key) ?? { assertion, message, runs: 0 }
    this.#assertions.set(key, known)
    return known
  }

  /** Kinds of faults that have acted in some run. */
  get kindsHit(): number {
    return this.#pairs.size
  }

  runsOf(strategy: string): number {
    return this.#runsByStrategy.get(strategy) ?? 0
  }

  #count(kind: FaultKind, phase: Phase): void {
    const runs = this.#pairs.get(kind) ?? new Map<Phase, number>()
    this.#pairs.set(kind, runs.set(phase, (runs.get(phase) ?? 0) + 1))
  }

  report({ namedEvents, sweep, pairs, kinds, assertions = [], impossible = [] }: Covered): Coverage {
    for (const assertion of assertions) this.#expect(assertion)
    const numbers = {
      sweep: { ...sweep, kinds },
      faults: { placed: this.#placed, skipped: this.#skipped },
      beyond: [...this.#beyond].map(([what, runs]) => ({ what, runs })),
    }
    return {
      runsByStrategy: Object.fromEntries(this.#runsByStrategy),
      namedEvents,
      ...numbers,
      ...(pairs === undefined ? {} : { pairs }),
      faultPhases: [...this.#pairs]
        .flatMap(([kind, hit]) => [...hit].map(([phase, runs]) => ({ kind, phase, runs })))
        .sort((a, b) => inOrder(a.kind, b.kind) || inOrder(a.phase, b.phase)),
      ...(this.#measured === null ? {} : { measured: this.#measured }),
      ...(this.#assertions.size === 0 ? {} : { assertions: [...this.#assertions.values()] }),
      never: [
        ...counted(numbers),
        ...this.#missed(kinds),
        ...unasked(kinds),
        ...impossible.map(({ kind, why }) => `${kind} was skipped: ${why}`),
      ],
      selfChecks: this.selfChecks,
    }
  }

  #missed(kinds: readonly FaultKind[]): string[] {
    return OF_INTEREST.filter(
      ({ kind, phase }) => kinds.includes(kind) && this.#pairs.get(kind)?.has(phase) !== true,
    ).map(({ kind, phase }) => `no ${kind} ever fell ${inWords(phase)}`)
  }
}

/** Of kinds that a scenario must ask for, and did not: only where it asked for any. */
function unasked(kinds: readonly FaultKind[]): string[] {
  if (kinds.length === 0) return []
  return FAULTS.map(({ kind }) => definitionOf(kind)).flatMap(({ kind, unasked: sentence }) =>
    sentence === undefined || kinds.includes(kind) ? [] : [sentence],
  )
}

/** The sentences that follow from the numbers of a report. */
export function counted({ sweep, faults, beyond }: Pick<Coverage, 'sweep' | 'faults' | 'beyond'>): string[] {
  return [...beyondSentences(beyond), ...untried(sweep), ...skippedSentence(faults)]
}

function beyondSentences(beyond: Coverage['beyond']): string[] {
  return beyond.map(
    ({ what, runs }) =>
      `${runs} schedule${runs === 1 ? ' was' : 's were'} not judged, for ${what}, which can't be shown here`,
  )
}

function skippedSentence({ placed, skipped }: Coverage['faults']): string[] {
  return skipped === 0
    ? []
    : [
        `${skipped} of ${placed} faults never acted, because their event never happened or their target could not take them`,
      ]
}

export function highestOf(one: Measured, other: Measured): Measured {
  return {
    lagMax: Math.max(one.lagMax, other.lagMax),
    duplicatesMax: Math.max(one.duplicatesMax, other.duplicatesMax),
    stoppedMsMax: Math.max(one.stoppedMsMax, other.stoppedMsMax),
    recoveryMsMax: Math.max(one.recoveryMsMax, other.recoveryMsMax),
  }
}

export function inOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function inWords(phase: Phase): string {
  if (phase === 'commit in flight') return 'while a commit was in flight'
  if (phase === 'between effect and commit') return 'between an effect and its commit'
  if (phase === 'between commit applied and acknowledged') {
    return 'between a commit and its acknowledgement'
  }
  return `while ${phase}`
}

function untried({ done, total }: Covered['sweep']): string[] {
  return done < total
    ? [`${total - done} of ${total} single faults of the sweep were not tried: raise --runs or --time`]
    : []
}

/** The process that a fault hits: its target, or the one at whose event it stands. */
function processOf({ kind, target, at }: Fault): string {
  const sort = definitionOf(kind).target
  const hit =
    sort.isProcess === true || !('event' in at) ? sort.processOf?.(target) : processOfEvent(at.event)
  return hit ?? ''
}
