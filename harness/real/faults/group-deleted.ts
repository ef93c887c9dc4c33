import { deleteGroup } from '../cluster/groups.ts'
import { whileStopped } from './operated.ts'
import type { Translation } from './world.interface.ts'

export const groupDeleted: Translation<'group-deleted'> = {
  kind: 'group-deleted',
  grade: 'exact',
  means: 'SIGTERM, DeleteGroups, and new processes',
  begin({ target: group }, world) {
    return whileStopped(group, world, async () => {
      if ((await deleteGroup(world.cluster, group)) === 'NONE') world.groupDeleted(group)
    })
  },
}
