import { RESET_AGO_MS, resetTo } from '../core/faults/offsets-reset.ts'
import { whileStopped } from './operated.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * People do it after a bad deployment, to work through a day again or to get past a record:
 * `kafka-consumer-groups --reset-offsets`.
 */
export const offsetsReset: FaultBehaviour<'offsets-reset'> = {
  kind: 'offsets-reset',
  timing: 'next',
  begin({ target, to }, world) {
    const { cluster } = world
    return whileStopped(target, world, (partitions) => {
      const choices = partitions.map(({ topic, partition }) => ({
        at: { topic, partition },
        start: cluster.logStart(topic, partition),
        end: cluster.highWatermark(topic, partition),
        minuteAgo: cluster.offsetSince(topic, partition, RESET_AGO_MS),
        committed: cluster.committed(target, topic, partition),
      }))
      cluster.setOffsets(target, resetTo(to, choices), 'operator')
    })
  },
}
