import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The call is done at once, and answered late. */
export const serviceSlow: FaultBehaviour<'service-slow'> = {
  kind: 'service-slow',
  timing: 'at-once',
  begin({ target, durationMs }, world) {
    world.armCall(target, { kind: 'slow', delayUs: durationMs * 1000 })
    return BEGAN
  },
}
