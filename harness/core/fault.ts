import { byFamily, type FaultFamily } from './faults/families.ts'
import type { DefinedFault, FaultDefinition } from './faults/fault.ts'
import type { Fields } from './faults/fields.ts'
import { FAULTS } from './faults/index.ts'
import type { Place, Surroundings } from './faults/place.ts'

export type { FaultFamily } from './faults/families.ts'

/**
 * A fault is `{ kind, target, at }`: what happens, to whom, and the moment, given as a named event
 * of the history (`core/names.ts`) or as a virtual time. The union is closed: a kind without a
 * behaviour (`harness/faults`) does not compile.
 */
export type Fault = DefinedFault<(typeof FAULTS)[number]>
export type FaultKind = Fault['kind']
/** The faults of this kind. */
export type FaultOfKind<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>

/** The definition of a kind that is known at run time only. It is handed faults of its own kind. */
export type AnyFaultDefinition = FaultDefinition<FaultKind, Fields>

export const FAULT_KINDS: readonly FaultKind[] = FAULTS.map(({ kind }) => kind)

/** The kinds that each family stands for. */
export const FAULT_FAMILIES: Readonly<Record<FaultFamily, readonly FaultKind[]>> = byFamily((name) =>
  FAULTS.filter(({ family }) => family === name).map(({ kind }) => kind),
)

const BY_KIND: ReadonlyMap<string, AnyFaultDefinition> = new Map(FAULTS.map((each) => [each.kind, each]))

export function definitionOf(kind: FaultKind): AnyFaultDefinition {
  const found = BY_KIND.get(kind)
  if (found === undefined) throw new TypeError(`there is no fault '${kind}'`)
  return found
}

/** Every fault of this kind that makes sense at this event, the plainest first. */
export function faultsOf(kind: FaultKind, place: Place, around: Surroundings): readonly Fault[] {
  const { pointless, targets, target: sort, moment, fields } = definitionOf(kind)
  if (pointless?.(around) === true) return []
  const at = moment?.(place) ?? { event: place.name }
  const found = targets?.(place, around) ?? sort.at(place.event, around)
  let faults: readonly object[] = found.map((target) => ({ kind, target, at }))
  for (const [name, { tries }] of Object.entries(fields)) {
    if (faults.length === 0) break
    const values = tries(place, around)
    faults = faults.flatMap((fault) => values.map((value) => withField(fault, name, value)))
  }
  // The fields are those of the kind, by its definition.
  return faults as readonly Fault[]
}

/** How long it takes something away; 0 where it is over at once. */
export function lengthMs(fault: Fault): number {
  if ('restartMs' in fault) return fault.restartMs
  return 'durationMs' in fault ? fault.durationMs : 0
}

/** A field that has no value is not there. */
export function withField<Each extends object>(fault: Each, name: string, value: unknown): Each {
  if (value !== undefined) return { ...fault, [name]: value }
  const others = Object.entries(fault).filter(([each]) => each !== name)
  return Object.fromEntries(others) as Each
}

/** A hold delays one named message or handler completion: it reorders, and breaks nothing. */
export interface Hold {
  /**
   * `consumer-0 OffsetCommit#2 sent` (the request travels slower), `… applied` (the answer travels
   * slower) or `consumer-0 process start orders/1@7` (the handler takes longer).
   */
  readonly event: string
  readonly durationMs: number
}
