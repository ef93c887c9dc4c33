import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * A topic is deleted and recreated under its name, with as many partitions: offsets start again,
 * and a client that ignores topic ids does not notice (L11). The workload appends a record to each
 * partition.
 */
export const topicRecreated: FaultBehaviour<'topic-recreated'> = {
  kind: 'topic-recreated',
  timing: 'next',
  begin({ target }, { cluster }) {
    const topic = cluster.topics().find(({ name }) => name === target)
    if (topic === undefined) return skipped(`there is no topic ${target}`)
    cluster.recreateTopic(target)
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      const value = Buffer.from(JSON.stringify({ id: `${target}-again-${partition}` }))
      cluster.append({ topic: target, partition, key: null, value })
    }
    return BEGAN
  },
}
