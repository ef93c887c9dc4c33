import { definitionOf, type Fault, type FaultKind, faultsOf } from '../../core/fault.ts'
import { FAULTS } from '../../core/faults/index.ts'
import { isSwept } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Strategy } from './strategy.interface.ts'
import { inTurn, tellingRings } from './telling.ts'

/** The kinds that break most: every other turn is one of theirs. */
const FIRST: readonly FaultKind[] = FAULTS.flatMap(({ kind, first }) =>
  first === undefined ? [] : [{ kind, first }],
)
  .sort((one, other) => one.first - other.first)
  .map(({ kind }) => kind)

interface Plan {
  /** Each kind after each event where it applies, once. */
  readonly singles: readonly Fault[]
  /** The same with the kind's other values: longer, shorter, one way, another error. */
  readonly variants: readonly Fault[]
}

/**
 * The crash-point sweep: one fault of each kind after every named event of the fault-free run, the most telling events
 * first, kinds in turn; then with other values; then pairs, drawn by chance. Exhaustive to depth 1.
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

const plans = new WeakMap<Knowledge, Plan>()

function planOf(knowledge: Knowledge): Plan {
  const known = plans.get(knowledge)
  if (known !== undefined) return known
  const made = makePlan(knowledge)
  plans.set(knowledge, made)
  return made
}

function makePlan({ calm }: Knowledge): Plan {
  const { menu } = calm
  const first = FIRST.filter((kind) => menu.kinds.includes(kind))
  const others = menu.kinds.filter((kind) => !FIRST.includes(kind))
  const singles: Fault[] = []
  const variants: Fault[] = []
  const seen = new Set<string>()
  const add = (list: Fault[], fault: Fault): void => {
    const text = JSON.stringify(fault)
    if (!seen.has(text)) list.push(fault)
    seen.add(text)
  }
  for (const ring of tellingRings(calm.places)) {
    const optionsOf = (kinds: readonly FaultKind[]): readonly (readonly Fault[])[] =>
      inTurn(
        kinds.map((kind) =>
          ring
            .map((place) => (isSwept(kind, place) ? faultsOf(kind, place, menu) : []))
            .filter((options) => options.length > 0),
        ),
      )
    for (const options of inTurn([optionsOf(first), optionsOf(others)])) {
      const targets = new Set<string>()
      for (const fault of options) {
        add(targets.has(targetOf(fault)) ? variants : singles, fault)
        targets.add(targetOf(fault))
      }
    }
  }
  return { singles, variants }
}

/** Which way of a link is cut (`a~b`, `a>b`, `b>a`) is a value like any other. */
function targetOf({ kind, target }: Fault): string {
  return definitionOf(kind).target.subject?.(target) ?? target
}
