import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The call is not done, and answered with an error of the service's own. */
export const serviceError: FaultBehaviour<'service-error'> = {
  kind: 'service-error',
  timing: 'at-once',
  begin({ target, error, times }, world) {
    world.armCall(target, { kind: 'error', code: error }, times)
    return BEGAN
  },
}
