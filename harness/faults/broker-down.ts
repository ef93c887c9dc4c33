import { liveBroker } from './live-broker.ts'
import { until } from './outcome.ts'
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
    const broker = liveBroker(target, world)
    if ('skipped' in broker) return broker
    const { id } = broker
    cluster.stopBroker(id)
    return until(() => cluster.startBroker(id))
  },
}
