import { processOfEvent } from '../../core/event-names.ts'
import { definitionOf, type Fault } from '../../core/fault.ts'
import { namesFrom, requestName } from '../../core/names.ts'
import type { Schedule } from '../../core/schedule.ts'
import { type Detour, detoursOf, failuresOnTheWay } from '../detours.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LearntRun } from '../learnt-run.ts'
import { extended } from './draw.ts'
import { handOvers, type OtherPath } from './hand-overs.ts'
import { paced } from './paced.ts'
import type { Strategy } from './strategy.interface.ts'
import { inTurn } from './telling.ts'

/** Of this many turns one runs a detour that is much like one before. */
const REPEATED_ONE_IN = 8

/**
 * Two faults in order, as incidents have them: one makes the app take another path (it tries again,
 * waits, gives up), and before it is back a hand-over takes the partition or the process away, or
 * what it does on that path only fails, too. The second stands in the run that the first gave,
 * after each sort of event of each process, with the longest and the plainest of its values.
 * Deterministic; it ends when all of them are tried.
 */
export const pairs: Strategy = {
  name: 'pairs',
  followsUp: true,
  planned: () => 0,
  has: (turn, knowledge) => planOf(knowledge).at(turn) !== null,
  next: ({ turn, knowledge }) => planOf(knowledge).at(turn),
}

/** How far a search has come with its pairs. */
export interface PairsDone {
  readonly detours: { readonly done: number; readonly total: number }
  /** Of the pairs whose detour has been run. */
  readonly pairs: { readonly done: number; readonly total: number }
}

/** After so many turns of the strategy. */
export function pairsDone(knowledge: Knowledge, turns: number): PairsDone {
  return planOf(knowledge).done(turns)
}

const plans = new WeakMap<Knowledge, PairPlan>()

function planOf(knowledge: Knowledge): PairPlan {
  const known = plans.get(knowledge)
  if (known !== undefined) return known
  const made = new PairPlan(knowledge)
  plans.set(knowledge, made)
  return made
}

interface Turned {
  readonly schedule: Schedule
  readonly isPair: boolean
  /** Detours whose runs were known by then, and pairs behind them. */
  readonly known: { readonly detours: number; readonly pairs: number }
}

/** Name of the run without a fault. */
const CALM = 'calm'

/**
 * The schedule of each turn, fixed when it is first asked for: by then the run of a detour is
 * known, or it is not.
 */
class PairPlan {
  readonly #knowledge: Knowledge
  readonly #base: Schedule
  readonly #turns: Turned[] = []
  /** Null: the run without a fault is not known yet. */
  #detours: readonly Detour[] | null = null
  /** Detours that have not been run. */
  #waiting: Detour[] = []
  /** The rest of each detour whose run is known. */
  readonly #left: Map<Detour, Left> = new Map()
  /** Turns that have been done, and how many of them were pairs. */
  readonly #counted = { turns: 0, pairs: 0 }

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge
    this.#base = paced(knowledge.base)
    if (!knowledge.calm.menu.kinds.some((kind) => definitionOf(kind).detour !== undefined)) this.#detours = []
    else this.#turns.push(this.#turned(knowledge.want(this.#base, CALM), false))
  }

  at(turn: number): Schedule | null {
    while (this.#turns.length <= turn) {
      const made = this.#make(this.#turns.length)
      if (made === null) return null
      this.#turns.push(made)
    }
    return this.#turns[turn]?.schedule ?? null
  }

  done(turns: number): PairsDone {
    // Of turns that workers have begun beyond these nothing is told.
    const known = this.#turns[turns - 1]?.known ?? { detours: 0, pairs: 0 }
    // It is asked after each schedule of a search, with one more turn or none.
    for (; this.#counted.turns < turns; this.#counted.turns += 1)
      if (this.#turns[this.#counted.turns]?.isPair === true) this.#counted.pairs += 1
    return {
      detours: { done: known.detours, total: this.#detours?.length ?? 0 },
      pairs: { done: this.#counted.pairs, total: known.pairs },
    }
  }

  #make(turn: number): Turned | null {
    this.#learn()
    const [waiting] = this.#waiting
    const detour = waiting?.isRepeated === false || turn % REPEATED_ONE_IN === 0
    return (detour ? this.#nextDetour() : null) ?? this.#nextPair() ?? this.#lastDetour()
  }

  #learn(): void {
    const calm = this.#knowledge.kept(CALM)
    if (calm === undefined) return
    if (this.#detours === null) {
      this.#detours = detoursOf(calm, this.#knowledge.shard)
      this.#waiting = [...this.#detours]
    }
    for (const detour of this.#detours) {
      if (this.#left.has(detour)) continue
      const run = this.#knowledge.kept(detour.name)
      if (run === undefined) continue
      // One that is much like another is mostly in another partition, which may stay.
      const first = detour.isRepeated ? 'newcomer' : this.#left.size
      const weight = detour.isRepeated ? WEIGHT_OF_REPEATED : 1
      this.#left.set(detour, { detour, faults: secondsBehind(detour, run, { calm, first }), weight, next: 0 })
    }
  }

  #nextDetour(): Turned | null {
    const next = this.#waiting.shift()
    if (next === undefined) return null
    return this.#turned(this.#knowledge.want(this.#scheduleOf(next), next.name), false)
  }

  /** Where all pairs of those that are known have been tried. */
  #lastDetour(): Turned | null {
    return this.#left.size === 0 ? null : this.#nextDetour()
  }

  /** Detours in turn, those that are much like another one less often. */
  #nextPair(): Turned | null {
    let chosen: Left | null = null
    for (const left of this.#left.values()) {
      if (left.next >= left.faults.length) continue
      if (chosen === null || (left.next + 1) * left.weight < (chosen.next + 1) * chosen.weight) chosen = left
    }
    const second = chosen?.faults[chosen.next]
    if (chosen === null || second === undefined) return null
    chosen.next += 1
    return this.#turned(extended(this.#scheduleOf(chosen.detour), { faults: [second] }), true)
  }

  #scheduleOf({ fault }: Detour): Schedule {
    return { ...this.#base, faults: [fault] }
  }

  #turned(schedule: Schedule, isPair: boolean): Turned {
    const pairs = [...this.#left.values()].reduce((sum, { faults }) => sum + faults.length, 0)
    return { schedule, isPair, known: { detours: this.#left.size, pairs } }
  }
}

/** Second faults behind one detour that are not tried yet. */
interface Left {
  readonly detour: Detour
  readonly faults: readonly Fault[]
  readonly weight: number
  next: number
}

const WEIGHT_OF_REPEATED = 12

function secondsBehind(
  { fault }: Detour,
  run: LearntRun,
  { calm, first }: { readonly calm: LearntRun } & Required<Pick<OtherPath, 'first'>>,
): readonly Fault[] {
  const astray = 'event' in fault.at ? processOfEvent(fault.at.event) : null
  return inTurn([
    failuresOnTheWay(run, calm),
    handOvers(run, { astray, struckUntil: lastStrike(fault, run), first }),
  ])
}

/**
 * Sequence number of the last answer that the detour has spoilt, if it spoils several, or of the
 * event that shows it at work; 0: none does.
 */
function lastStrike(fault: Fault, { placesAhead }: LearntRun): number {
  const { target, shownBy } = definitionOf(fault.kind)
  if (target.followsMoment === true && 'times' in fault && typeof fault.times === 'number') {
    const spoilt = new Set(namesFrom(fault.target, fault.times))
    const answers = placesAhead.filter(
      ({ event }) =>
        event.kind === 'request' && event.phase === 'acknowledged' && spoilt.has(requestName(event)),
    )
    return answers.at(-1)?.event.seq ?? 0
  }
  const shown = placesAhead.find(({ event }) => event.kind !== 'fault' && shownBy?.(event, fault.target))
  return shown?.event.seq ?? 0
}
