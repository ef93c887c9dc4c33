import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The connection is reset when the call arrives, which is not done. */
export const serviceDisconnect: FaultBehaviour<'service-disconnect'> = {
  kind: 'service-disconnect',
  timing: 'at-once',
  begin({ target, times }, world) {
    world.armCall(target, { kind: 'break-before' }, times)
    return BEGAN
  },
}
