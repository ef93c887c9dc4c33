import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The request never arrives, nor does anything after it on its connection: only the client's
 * timeout notices.
 */
export const requestLost: FaultBehaviour<'request-lost'> = {
  kind: 'request-lost',
  timing: 'at-once',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'lose' })
    return BEGAN
  },
}
