import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The effect of this record becomes real, but the app is told that it timed out. */
export const effectAckLost: FaultBehaviour<'effect-ack-lost'> = {
  kind: 'effect-ack-lost',
  timing: 'at-once',
  begin({ target }, world) {
    world.armRecord(target, { what: 'lose-effect-answer', times: 'once', delayUs: 0 })
    return BEGAN
  },
}
