import { parsePartitionName } from '../../core/names.ts'
import { BEGAN, skipped } from '../../faults/outcome.ts'
import { moveLeader } from '../cluster/leaders.ts'
import type { Translation } from './world.interface.ts'

export const leaderMoved: Translation<'leader-moved'> = {
  kind: 'leader-moved',
  grade: 'exact',
  brokersMin: 2,
  means: 'AlterPartitionReassignments puts the next replica first, ElectLeaders elects it',
  begin({ target }, { busy, cluster }) {
    const at = parsePartitionName(target)
    if (at === null) return skipped(`there is no partition ${target}`)
    busy.add(() => moveLeader(cluster, at))
    return BEGAN
  },
}
