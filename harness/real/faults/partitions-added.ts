import { BEGAN } from '../../faults/outcome.ts'
import { addPartitions } from '../cluster/topics.ts'
import type { Translation } from './world.interface.ts'

export const partitionsAdded: Translation<'partitions-added'> = {
  kind: 'partitions-added',
  grade: 'exact',
  means: 'CreatePartitions, and a record in each',
  begin({ target, count }, world) {
    const { busy, cluster } = world
    busy.add(async () => {
      const [topic] = await cluster.topics([target])
      if (topic === undefined) return
      const partitions = await addPartitions(cluster, topic, count)
      world.observe({ kind: 'partitions-added', topic: target, partitions })
      for (let partition = topic.partitions.length; partition < partitions; partition += 1)
        await world.appendKept(target, partition)
    })
    return BEGAN
  },
}
