import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** An operator adds partitions to a topic. The workload appends a record to each new one. */
export const partitionsAdded: FaultBehaviour<'partitions-added'> = {
  kind: 'partitions-added',
  timing: 'next',
  begin({ target, count }, { cluster }) {
    const topic = cluster.topics().find(({ name }) => name === target)
    if (topic === undefined) return skipped(`there is no topic ${target}`)
    cluster.addPartitions(target, count)
    for (let added = 0; added < count; added += 1) {
      const partition = topic.partitions + added
      const value = Buffer.from(JSON.stringify({ id: `${target}-new-${partition}` }))
      cluster.append({ topic: target, partition, key: null, value })
    }
    return BEGAN
  },
}
