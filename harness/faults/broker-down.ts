import type { FaultBehaviour } from './world.interface.ts'

/** The broker's machine is gone: connections reset, leadership and coordination move to live brokers. */
export const brokerDown: FaultBehaviour<'broker-down'> = {
  kind: 'broker-down',
  timing: 'next',
  begin({ target }, world) {
    const { cluster } = world
    const id = world.broker(target)
    if (id === null) return `there is no ${target}`
    if (!cluster.isUp(id)) return `${target} was down already`
    cluster.stopBroker(id)
    return () => cluster.startBroker(id)
  },
}
