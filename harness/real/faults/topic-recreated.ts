import { BEGAN } from '../../faults/outcome.ts'
import { deleteTopics, ensureTopic } from '../cluster/topics.ts'
import type { Translation } from './world.interface.ts'

export const topicRecreated: Translation<'topic-recreated'> = {
  kind: 'topic-recreated',
  grade: 'approximate',
  means: 'DeleteTopics, then CreateTopics: for some hundred milliseconds there is no topic',
  begin({ target }, world) {
    const { busy, cluster } = world
    busy.add(async () => {
      const [topic] = await cluster.topics([target])
      if (topic === undefined) return
      const partitions = topic.partitions.length
      await deleteTopics(cluster, [target])
      world.topicDeleted(target)
      world.topicRecreated(await ensureTopic(cluster, { name: target, partitions, configs: {} }))
      world.observe({ kind: 'topic-created', topic: target, partitions, startOffset: 0n })
      for (let partition = 0; partition < partitions; partition += 1)
        await world.appendKept(target, partition)
    })
    return BEGAN
  },
}
