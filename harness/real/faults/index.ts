import type { Fault, FaultKind } from '../../core/fault.ts'
import type { FaultStart } from '../../faults/outcome.ts'
import * as kinds from './kinds.ts'
import type { RealFaultWorld, Translation } from './world.interface.ts'

/** Every kind has an answer here, or this does not compile. */
export const TRANSLATIONS: { readonly [Kind in FaultKind]: Translation<Kind> } = kinds

/** Lets the fault act. See `Translation`. */
export function beginRealFault(fault: Fault, world: RealFaultWorld): FaultStart {
  const translation = TRANSLATIONS[fault.kind] as {
    begin(fault: Fault, world: RealFaultWorld): FaultStart
  }
  return translation.begin(fault, world)
}
