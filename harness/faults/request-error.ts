import { requestsFrom } from '../core/names.ts'
import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The request is not applied and answered with a retriable error. */
export const requestError: FaultBehaviour<'request-error'> = {
  kind: 'request-error',
  timing: 'at-once',
  begin({ target, error, times = 1 }, world) {
    for (const each of requestsFrom(target, times)) world.armRequest(each, { kind: 'error', error })
    return BEGAN
  },
}
