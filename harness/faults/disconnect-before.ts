import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The connection closes before the request is applied. */
export const disconnectBefore: FaultBehaviour<'disconnect-before'> = {
  kind: 'disconnect-before',
  timing: 'at-once',
  begin({ target }, world) {
    world.armRequest(target, { kind: 'disconnect-before' })
    return BEGAN
  },
}
