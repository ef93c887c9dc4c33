import type { Fault, FaultKind } from '../core/fault.ts'
import * as kinds from './kinds.ts'
import type { FaultStart } from './outcome.ts'
import type { FaultBehaviour, FaultWorld, WorkloadHook } from './world.interface.ts'

/** Every kind has an answer here, or this does not compile. */
const BEHAVIOURS: { readonly [Kind in FaultKind]: FaultBehaviour<Kind> } = kinds

export function faultTiming(kind: FaultKind): 'at-once' | 'next' {
  return BEHAVIOURS[kind].timing
}

/** Before the run: see `FaultBehaviour.prepare`. */
export function prepareFault(fault: Fault, workload: WorkloadHook): void {
  behaviourOf(fault).prepare?.(fault, workload)
}

/** Lets the fault act: see `FaultBehaviour.begin`. */
export function beginFault(fault: Fault, world: FaultWorld): FaultStart {
  return behaviourOf(fault).begin(fault, world)
}

/** The behaviour of a fault's kind, which is handed faults of that kind only. */
function behaviourOf({ kind }: Fault): Omit<FaultBehaviour<FaultKind>, 'kind'> {
  return BEHAVIOURS[kind]
}
