import { parsePartitionName } from '../../core/names.ts'
import { BEGAN, skipped } from '../../faults/outcome.ts'
import { demand } from '../cluster/errors.ts'
import type { Translation } from './world.interface.ts'

const UP_TO_HIGH_WATERMARK = -1n
const TIMEOUT_MS = 30_000

export const recordsDeleted: Translation<'records-deleted'> = {
  kind: 'records-deleted',
  grade: 'exact',
  means: 'DeleteRecords up to the high watermark',
  begin({ target }, world) {
    const { busy, cluster } = world
    const at = parsePartitionName(target)
    if (at === null) return skipped(`there is no partition ${target}`)
    const { topic, partition } = at
    busy.add(async () => {
      const leader = await cluster.leaderOf(topic, partition)
      const partitions = [{ partitionIndex: partition, offset: UP_TO_HIGH_WATERMARK }]
      const asked = { topics: [{ name: topic, partitions }], timeoutMs: TIMEOUT_MS }
      const answer = await cluster.call('DeleteRecords', 2, asked, leader ?? undefined)
      const deleted = answer.topics[0]?.partitions[0]
      demand(`delete the records of ${target}`, deleted?.errorCode)
      if (deleted === undefined) return
      world.observe({
        kind: 'log-start',
        ...at,
        offset: deleted.lowWatermark,
        reason: 'DeleteRecords',
      })
    })
    return BEGAN
  },
}
