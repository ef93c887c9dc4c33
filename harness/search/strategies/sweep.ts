import type { Fault, FaultKind } from '../../core/fault.ts'
import { faultsAt, interestOf } from '../fault-menu.ts'
import type { Knowledge, Strategy } from './strategy.interface.ts'

const INTERESTS = [0, 1, 2, 3] as const

/**
 * The crash-point sweep: one fault of each kind after every named event of the fault-free run, the most telling events
 * first, kinds in turn; then pairs of them, drawn by chance. Deterministic and exhaustive to depth 1.
 */
export class Sweep implements Strategy {
  readonly name = 'sweep'
  #singles: readonly Fault[] | null = null
  #position = 0

  /** Single faults tried so far, and how many there are. */
  get progress(): { readonly done: number; readonly total: number } {
    const total = this.#singles?.length ?? 0
    return { done: Math.min(this.#position, total), total }
  }

  next(...[random, knowledge]: Parameters<Strategy['next']>): ReturnType<Strategy['next']> {
    this.#singles ??= singlesOf(knowledge)
    const fault = this.#singles[this.#position]
    this.#position += 1
    if (fault !== undefined) return { ...knowledge.base, faults: [fault] }
    if (this.#singles.length < 2) return null
    return { ...knowledge.base, faults: [random.pick(this.#singles), random.pick(this.#singles)] }
  }
}

function singlesOf({ calm, menu }: Knowledge): Fault[] {
  const singles: Fault[] = []
  for (const interest of INTERESTS) {
    const places = calm.filter((place) => interestOf(place) === interest)
    const byKind = menu.kinds.map((kind) =>
      oncePerTarget(
        kind,
        places.flatMap((place) => faultsAt(kind, place, menu).slice(0, 1)),
      ),
    )
    singles.push(...inTurn(byKind))
  }
  return singles
}

/** Malformed records are not placed at events: each record once is enough. */
function oncePerTarget(kind: FaultKind, faults: readonly Fault[]): readonly Fault[] {
  if (kind !== 'malformed-record') return faults
  return [...new Map(faults.map((fault) => [fault.target, fault])).values()]
}

function inTurn(lists: readonly (readonly Fault[])[]): Fault[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat()
}
