import {
  definitionOf,
  FAULT_FAMILIES,
  type Fault,
  type FaultFamily,
  type FaultKind,
  faultsOf,
  lengthMs,
} from '../../core/fault.ts'
import { FAMILY_NAMES } from '../../core/faults/families.ts'
import { FAULTS } from '../../core/faults/index.ts'
import type { Place } from '../../core/faults/place.ts'
import { jsonText } from '../../core/json.ts'
import { hasValues } from '../detours.ts'
import { interestOf, isSwept, type Menu } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Strategy } from './strategy.interface.ts'
import { inTurn, tellingRings } from './telling.ts'

/** The kinds that break most: every third turn is one of theirs. */
const FIRST: readonly FaultKind[] = FAULTS.flatMap(({ kind, first }) =>
  first === undefined ? [] : [{ kind, first }],
)
  .sort((one, other) => one.first - other.first)
  .map(({ kind }) => kind)

/** Families by how soon one of their kinds is tried: what fails in the app's own hands first. */
const FAMILIES_IN_TURN: readonly FaultFamily[] = [
  ...(['store', 'broker', 'handler', 'rebalance', 'network', 'replication'] as const),
  ...FAMILY_NAMES.filter(
    (name) => !['store', 'broker', 'handler', 'rebalance', 'network', 'replication'].includes(name),
  ),
]

interface SweepPlan {
  /**
   * Each kind after each event where it applies, once, and once more for each expiry that it can
   * outlast.
   */
  readonly singles: readonly Fault[]
  /** The fault with its kind's other values: longer, shorter, one way, another error. */
  readonly variants: readonly Fault[]
}

/**
 * The crash-point sweep: one fault of each kind after every named event of the fault-free run, the
 * most telling events first, kinds in turn; then with other values; then pairs, drawn by chance.
 * Exhaustive to depth 1.
 */
export const sweep: Strategy = {
  name: 'sweep',
  planned(knowledge) {
    const { singles, variants } = planOf(knowledge)
    return singles.length + variants.length
  },
  has(turn, knowledge) {
    const { singles, variants } = planOf(knowledge)
    return turn < singles.length + variants.length || singles.length > 1
  },
  next({ turn, random, knowledge }) {
    const { singles, variants } = planOf(knowledge)
    const fault = singles[turn] ?? variants[turn - singles.length]
    if (fault !== undefined) return { ...knowledge.base, faults: [fault] }
    if (singles.length < 2) return null
    const first = random.below(singles.length)
    const second = (first + 1 + random.below(singles.length - 1)) % singles.length
    return { ...knowledge.base, faults: [first, second].flatMap((index) => singles.slice(index, index + 1)) }
  },
}

/** How many schedules with one fault there are: what "exhaustive" means in a report. */
export function singleFaults(knowledge: Knowledge): number {
  return planOf(knowledge).singles.length
}

const plans = new WeakMap<Knowledge, SweepPlan>()

function planOf(knowledge: Knowledge): SweepPlan {
  const known = plans.get(knowledge)
  if (known !== undefined) return known
  const made = makePlan(knowledge)
  plans.set(knowledge, made)
  return made
}

function makePlan({ calm }: Knowledge): SweepPlan {
  const { menu, places } = calm
  const rings = tellingRings(places).flat()
  const ringsOfRequests = tellingRings(places, interestOfRequest).flat()
  const ringsOfWrites = tellingRings(places, interestOfWrite).flat()
  const singles: Fault[] = []
  const variants: Fault[] = []
  const seen = new Set<string>()
  const add = (list: Fault[], fault: Fault): void => {
    const text = jsonText(fault)
    if (!seen.has(text)) list.push(fault)
    seen.add(text)
  }
  // Each way goes through the rings at its own pace: none waits for those that fit in more places.
  const optionsOf = (ways: readonly SweepWay[]): readonly (readonly Fault[])[] =>
    inTurn(
      ways.map(({ kind, isAstray }) => {
        const ringsOf = isOfRequest(kind) ? ringsOfRequests : rings
        return (isAstray ? ringsOfWrites : ringsOf)
          .map((place) => (isSwept(kind, place) ? faultsOf(kind, place, menu) : []))
          .map((faults) => faults.filter((fault) => leadsAstray(fault) === isAstray))
          .filter((faults) => faults.length > 0)
      }),
    )
  for (const options of oneThenTwo(optionsOf(waysFirst(menu)), optionsOf(waysOfOthers(menu)))) {
    const targets = new Set<string>()
    for (const fault of options) {
      const outlasts = menu.durations.outlastingMs.includes(lengthMs(fault))
      add(targets.has(targetOf(fault)) && !outlasts ? variants : singles, fault)
      targets.add(targetOf(fault))
    }
  }
  return { singles, variants }
}

function isOfRequest(kind: FaultKind): boolean {
  return definitionOf(kind).target.followsMoment === true
}

/** A write that is refused is the app's to care for, as a commit is. */
function interestOfRequest(place: Place): ReturnType<typeof interestOf> {
  const { event } = place
  return event.kind === 'request' && event.api === 'Produce' ? 0 : interestOf(place)
}

/** A kind with the values that lead an app astray in a way of their own, or with all others. */
interface SweepWay {
  readonly kind: FaultKind
  readonly isAstray: boolean
}

function waysOf(kind: FaultKind): readonly SweepWay[] {
  return (astrayIn(kind).length === 0 ? [false] : [false, true]).map((isAstray) => ({ kind, isAstray }))
}

function astrayIn(kind: FaultKind): readonly object[] {
  return (definitionOf(kind).detour ?? []).filter((values) => Object.keys(values).length > 0)
}

function leadsAstray(fault: Fault): boolean {
  return astrayIn(fault.kind).some((values) => hasValues(fault, values))
}

/** A write that fails for good is told to the app, where a client cares for its commits itself. */
function interestOfWrite(place: Place): ReturnType<typeof interestOf> {
  const { event } = place
  if (event.kind === 'request' && event.api === 'Produce') return 0
  const interest = interestOf(place)
  return interest === 0 ? 1 : interest
}

function waysFirst({ kinds }: Menu): readonly SweepWay[] {
  return FIRST.filter((kind) => kinds.includes(kind)).flatMap(waysOf)
}

/**
 * One of each family, then the next of each: ten kinds are the network's, and they are much alike.
 */
function waysOfOthers({ kinds }: Menu): readonly SweepWay[] {
  const families = FAMILIES_IN_TURN.map((name) =>
    FAULT_FAMILIES[name].filter((kind) => kinds.includes(kind) && !FIRST.includes(kind)).flatMap(waysOf),
  )
  return inTurn(families)
}

/** One of the first list, two of the second, and so on. */
function oneThenTwo<T>(one: readonly T[], two: readonly T[]): T[] {
  const rounds = Math.max(one.length, Math.ceil(two.length / 2))
  return Array.from({ length: rounds }, (_, round) => [
    ...one.slice(round, round + 1),
    ...two.slice(2 * round, 2 * round + 2),
  ]).flat()
}

/** The direction in which a link is cut (`a~b`, `a>b`, `b>a`) is a value like any other. */
function targetOf({ kind, target }: Fault): string {
  return definitionOf(kind).target.subject?.(target) ?? target
}
