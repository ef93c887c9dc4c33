import { resetTo } from '../core/faults/offsets-reset.ts'
import { whileStopped } from './operated.ts'
import type { FaultBehaviour } from './world.interface.ts'

const MINUTE_MS = 60_000

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
      const offsets = partitions.flatMap((at) => {
        const { topic, partition } = at
        const offset = resetTo(to, {
          start: cluster.logStart(topic, partition),
          end: cluster.highWatermark(topic, partition),
          minuteAgo: cluster.offsetSince(topic, partition, MINUTE_MS),
          committed: cluster.committed(target, topic, partition),
        })
        return offset === null ? [] : [{ ...at, offset }]
      })
      cluster.setOffsets(target, offsets, 'operator')
    })
  },
}
