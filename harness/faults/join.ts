import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The service is scaled out by one process. */
export const join: FaultBehaviour<'join'> = {
  kind: 'join',
  timing: 'next',
  begin({ target }, world) {
    return world.startProcess(target) === null ? skipped(`${target} was there already`) : BEGAN
  },
}
