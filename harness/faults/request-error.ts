import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The request is not applied and answered with a retriable error. */
export const requestError: FaultBehaviour<'request-error'> = {
  kind: 'request-error',
  timing: 'at-once',
  begin({ target, error, times }, world) {
    world.armRequest(target, { kind: 'error', error }, times)
    return BEGAN
  },
}
