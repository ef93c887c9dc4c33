import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** The service is restarted: connections are reset, new ones refused; what is committed stays. */
export const serviceDown: FaultBehaviour<'service-down'> = {
  kind: 'service-down',
  timing: 'next',
  begin({ target }, world) {
    const up = world.stopService(target)
    return up === null ? skipped(`there is no service ${target} that is up`) : until(up)
  },
}
