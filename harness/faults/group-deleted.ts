import { whileStopped } from './operated.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** `kafka-consumer-groups --delete`: what the group had committed is gone with it. */
export const groupDeleted: FaultBehaviour<'group-deleted'> = {
  kind: 'group-deleted',
  timing: 'next',
  begin({ target }, world) {
    return whileStopped(target, world, () => void world.cluster.deleteGroup(target))
  },
}
