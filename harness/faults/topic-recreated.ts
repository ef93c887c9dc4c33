import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/**
 * A topic is deleted and recreated under its name, with as many partitions: offsets start again,
 * and a client that ignores topic ids does not notice (L11). Each partition gets a record of the
 * workload.
 */
export const topicRecreated: FaultBehaviour<'topic-recreated'> = {
  kind: 'topic-recreated',
  timing: 'next',
  prepare({ target }, workload) {
    workload.keepBack(target, workload.partitions(target))
  },
  begin({ target }, world) {
    const topic = world.cluster.topics().find(({ name }) => name === target)
    if (topic === undefined) return skipped(`there is no topic ${target}`)
    world.cluster.recreateTopic(target)
    for (let partition = 0; partition < topic.partitions; partition += 1) world.appendKept(target, partition)
    return BEGAN
  },
}
