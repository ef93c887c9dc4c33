import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The broker's replicas fetch nothing from their leaders: its disk or its network is stuck. It
 * serves what it leads. After `replica.lag.time.max.ms` it is out of sync; until then what is
 * written waits for it, and is not seen.
 */
export const replicaLag: FaultBehaviour<'replica-lag'> = {
  kind: 'replica-lag',
  timing: 'next',
  begin({ target }, world) {
    const { cluster } = world
    const id = world.broker(target)
    if (id === null) return skipped(`there is no ${target}`)
    if (cluster.replicationFactor < 2) return skipped('there is one copy of everything')
    if (!cluster.isolateBroker(id, true)) return skipped(`${target} lagged already`)
    return until(() => void cluster.isolateBroker(id, false))
  },
}
