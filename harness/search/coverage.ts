import { processOfEvent } from '../core/event-names.ts'
import { definitionOf, type Fault, type FaultKind } from '../core/fault.ts'
import { FAULTS } from '../core/faults/index.ts'
import type { Phase } from '../core/faults/phases.ts'
import type { Coverage } from '../core/result.ts'
import type { RunResult } from '../run/run.interface.ts'
import { PhaseTracker } from './phases.ts'

/** Pairs that a search should hit; if it never did, the report says so. */
const OF_INTEREST: readonly { readonly kind: FaultKind; readonly phase: Phase }[] = FAULTS.flatMap(
  ({ kind, phases = [] }) => phases.map((phase) => ({ kind, phase })),
)

export interface Covered {
  readonly namedEvents: number
  readonly sweep: { readonly done: number; readonly total: number }
  readonly kinds: readonly FaultKind[]
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

/** What a search did: counted while it runs. */
export class CoverageCounter {
  readonly #runsByStrategy: Map<string, number> = new Map()
  /** Runs by kind and phase. */
  readonly #pairs: Map<FaultKind, Map<Phase, number>> = new Map()
  #placed = 0
  #skipped = 0
  selfChecks = 0

  add(strategy: string, { placed, skipped, pairs }: Hits): void {
    this.#runsByStrategy.set(strategy, this.runsOf(strategy) + 1)
    this.#placed += placed
    this.#skipped += skipped
    for (const { kind, phase } of pairs) this.#count(kind, phase)
  }

  runsOf(strategy: string): number {
    return this.#runsByStrategy.get(strategy) ?? 0
  }

  #count(kind: FaultKind, phase: Phase): void {
    const runs = this.#pairs.get(kind) ?? new Map<Phase, number>()
    this.#pairs.set(kind, runs.set(phase, (runs.get(phase) ?? 0) + 1))
  }

  report({ namedEvents, sweep, kinds, impossible = [] }: Covered): Coverage {
    return {
      runsByStrategy: Object.fromEntries(this.#runsByStrategy),
      namedEvents,
      sweep: { ...sweep, kinds },
      faultPhases: [...this.#pairs]
        .flatMap(([kind, hit]) => [...hit].map(([phase, runs]) => ({ kind, phase, runs })))
        .sort((a, b) => inOrder(a.kind, b.kind) || inOrder(a.phase, b.phase)),
      faults: { placed: this.#placed, skipped: this.#skipped },
      never: [
        ...this.#missed(kinds),
        ...untried(sweep),
        ...this.#skippedSentence(),
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

  #skippedSentence(): string[] {
    return this.#skipped === 0
      ? []
      : [
          `${this.#skipped} of ${this.#placed} faults never acted, because their event never happened or their target could not take them`,
        ]
  }
}

function inOrder(a: string, b: string): number {
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
