import { BEGAN } from '../../faults/outcome.ts'
import { demand } from '../cluster/errors.ts'
import type { Translation } from './world.interface.ts'

const TIMEOUT_MS = 30_000

export const partitionsAdded: Translation<'partitions-added'> = {
  kind: 'partitions-added',
  grade: 'exact',
  means: 'CreatePartitions, and a record in each',
  begin({ target, count }, world) {
    const { busy, cluster } = world
    busy.add(async () => {
      const [topic] = await cluster.topics([target])
      if (topic === undefined) return
      const before = topic.partitions.length
      const partitions = before + count
      const body = await cluster.call('CreatePartitions', 3, {
        topics: [{ name: target, count: partitions, assignments: null }],
        timeoutMs: TIMEOUT_MS,
        validateOnly: false,
      })
      demand(`add partitions to ${target}`, body.results[0]?.errorCode)
      world.observe({ kind: 'partitions-added', topic: target, partitions })
      await cluster.topicWithLeaders(target, partitions)
      for (let partition = before; partition < partitions; partition += 1)
        await world.appendKept(target, partition)
    })
    return BEGAN
  },
}
