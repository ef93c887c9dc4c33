import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * The group's coordinator moves to the next live broker, which loads the group from its log before
 * it serves.
 */
export const coordinatorMoved: FaultBehaviour<'coordinator-moved'> = {
  kind: 'coordinator-moved',
  timing: 'next',
  begin({ target }, { cluster }) {
    if (cluster.coordinator(target) === null) return skipped(`the group ${target} has no coordinator`)
    cluster.moveCoordinator(target)
    return BEGAN
  },
}
