import { liveBroker } from './live-broker.ts'
import { until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The broker's machine loses its power: as `broker-down`, and what its replicas had not flushed is
 * gone when it comes back (`onceover.log.flush.ms`). Where there is one copy of everything nothing
 * is lost, so that it is not done there.
 */
export const brokerCrash: FaultBehaviour<'broker-crash'> = {
  kind: 'broker-crash',
  timing: 'next',
  begin({ target }, world) {
    const { cluster } = world
    const broker = liveBroker(target, world, { copies: 2 })
    if ('skipped' in broker) return broker
    const { id } = broker
    cluster.crashBroker(id)
    return until(() => cluster.startBroker(id))
  },
}
