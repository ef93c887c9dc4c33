import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The connection closes after the request was applied, before its answer. */
export const disconnectAfter: FaultBehaviour<'disconnect-after'> = {
  kind: 'disconnect-after',
  timing: 'at-once',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'disconnect-after' })
    return BEGAN
  },
}
