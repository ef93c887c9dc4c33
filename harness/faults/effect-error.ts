import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The effect store refuses the effect of this record; nothing is written. */
export const effectError: FaultBehaviour<'effect-error'> = {
  kind: 'effect-error',
  timing: 'at-once',
  begin({ target, times }, world) {
    world.armRecord(target, { what: 'fail-effect', times: times, delayUs: 0 })
    return BEGAN
  },
}
