import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The work for this record takes longer: its effect is slow where the app reports effects, else its
 * handler.
 */
export const slowHandler: FaultBehaviour<'slow-handler'> = {
  kind: 'slow-handler',
  timing: 'at-once',
  begin({ target, durationMs }, world) {
    world.armRecord(target, { what: 'slow', times: 'once', delayUs: durationMs * 1000 })
    return BEGAN
  },
}
