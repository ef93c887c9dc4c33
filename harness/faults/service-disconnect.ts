import { callsFrom } from '../core/names.ts'
import { BEGAN } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The connection is reset when the call arrives, which is not done. */
export const serviceDisconnect: FaultBehaviour<'service-disconnect'> = {
  kind: 'service-disconnect',
  timing: 'at-once',
  begin({ target, times = 1 }, world) {
    for (const each of callsFrom(target, times)) world.armCall(each, { kind: 'break-before' })
    return BEGAN
  },
}
