import { parsePartitionName } from '../core/names.ts'
import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * Leadership of a partition moves to the next live broker; clients learn it from
 * NOT_LEADER_OR_FOLLOWER.
 */
export const leaderMoved: FaultBehaviour<'leader-moved'> = {
  kind: 'leader-moved',
  timing: 'next',
  begin({ target }, { cluster }) {
    const at = parsePartitionName(target)
    if (at === null || cluster.leader(at.topic, at.partition) === null)
      return skipped(`there is no partition ${target}`)
    cluster.moveLeader(at.topic, at.partition)
    return BEGAN
  },
}
