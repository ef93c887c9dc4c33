import { liveBroker } from './live-broker.ts'
import { skipped, until } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The broker and the controller hear nothing of each other. The broker goes on as it is: it answers
 * Metadata and FindCoordinator with what it knew, and leads and coordinates what others lead by now
 * (KAFKA.md C4, L4, L5). After `broker.session.timeout.ms` (9 s) the controller fences it and its
 * work moves; when it heals, it hears of all that.
 */
export const controllerCut: FaultBehaviour<'controller-cut'> = {
  kind: 'controller-cut',
  timing: 'next',
  begin({ target }, world) {
    const { cluster } = world
    const broker = liveBroker(target, world, { copies: 2 })
    if ('skipped' in broker) return broker
    const { id } = broker
    if (!cluster.cutFromController(id, true)) return skipped(`${target} was cut off already`)
    return until(() => void cluster.cutFromController(id, false))
  },
}
