import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The broker takes the request up late; what follows on the connection waits behind it. */
export const requestDelayed: FaultBehaviour<'request-delayed'> = {
  kind: 'request-delayed',
  timing: 'at-once',
  begin({ target, durationMs }, world) {
    world.armRequest(target, { kind: 'delay', ms: durationMs })
    return BEGAN
  },
}
