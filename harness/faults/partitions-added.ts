import { BEGAN, skipped } from './outcome.ts'
import type { FaultBehaviour } from './world.interface.ts'

/** An operator adds partitions to a topic. Each new one gets a record of the workload. */
export const partitionsAdded: FaultBehaviour<'partitions-added'> = {
  kind: 'partitions-added',
  timing: 'next',
  prepare({ target, count }, workload) {
    workload.keepBack(target, count)
  },
  begin({ target, count }, world) {
    const topic = world.cluster.topics().find(({ name }) => name === target)
    if (topic === undefined) return skipped(`there is no topic ${target}`)
    world.cluster.addPartitions(target, count)
    for (let added = 0; added < count; added += 1) world.appendKept(target, topic.partitions + added)
    return BEGAN
  },
}
