import { callsFrom } from '../core/names.ts'
import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The call is not done, and answered with an error of the service's own. */
export const serviceError: FaultBehaviour<'service-error'> = {
  kind: 'service-error',
  timing: 'at-once',
  begin({ target, error, times = 1 }, world) {
    for (const each of callsFrom(target, times)) world.armCall(each, { kind: 'error', code: error })
    return BEGAN
  },
}
