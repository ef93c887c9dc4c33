import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The handler of this record throws before the user's code runs: once, or each time it is tried.
 */
export const handlerError: FaultBehaviour<'handler-error'> = {
  kind: 'handler-error',
  timing: 'at-once',
  begin({ target, times }, world) {
    world.armRecord(target, { what: 'fail-handler', times, delayUs: 0 })
    return BEGAN
  },
}
