import { parsePartitionName } from '../core/names.ts'
import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * DeleteRecords up to the high watermark: a consumer that is behind is out of range, and starts
 * where its reset policy says (KAFKA.md L10).
 */
export const recordsDeleted: FaultBehaviour<'records-deleted'> = {
  kind: 'records-deleted',
  timing: 'next',
  begin({ target }, { cluster }) {
    const at = parsePartitionName(target)
    if (at === null || cluster.leader(at.topic, at.partition) === null)
      return skipped(`there is no partition ${target}`)
    cluster.deleteRecords(at.topic, at.partition, cluster.highWatermark(at.topic, at.partition))
    return BEGAN
  },
}
