import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The broker's machine is gone: connections reset, leadership and coordination move to live
 * brokers.
 */
export const brokerDown: FaultBehaviour<'broker-down'> = {
  kind: 'broker-down',
  timing: 'next',
  begin({ target }, world) {
    const { cluster } = world
    const id = world.broker(target)
    if (id === null) return skipped(`there is no ${target}`)
    if (!cluster.isUp(id)) return skipped(`${target} was down already`)
    cluster.stopBroker(id)
    return until(() => cluster.startBroker(id))
  },
}
