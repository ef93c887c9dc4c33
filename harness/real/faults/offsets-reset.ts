import { resetTo } from '../../core/faults/offsets-reset.ts'
import { setOffsets } from '../cluster/groups.ts'
import { positionsIn } from '../cluster/positions.ts'
import { whileStopped } from './operated.ts'
import type { Translation } from './world.interface.ts'

export const offsetsReset: Translation<'offsets-reset'> = {
  kind: 'offsets-reset',
  grade: 'exact',
  means: 'SIGTERM, OffsetCommit without a member, as the AdminClient does it, and new processes',
  begin({ target: group, to }, world) {
    return whileStopped(group, world, async (partitions) => {
      const offsets = resetTo(to, await positionsIn(world.cluster, group, partitions))
      if ((await setOffsets(world.cluster, group, offsets)) !== 'NONE') return
      for (const each of offsets) world.observe({ kind: 'offset-set', group, by: 'operator', ...each })
    })
  },
}
