import { defineScenario, exactlyOnce } from 'onceover'
import { byPartition, INPUT, OUTPUT, startTransform } from '../transform.ts'

/**
 * Exactly once by transactions: outputs and offsets together, one transactional id for each input
 * partition.
 */
export default defineScenario({
  name: 'click counter: consume, transform, produce',
  topics: { [INPUT]: { partitions: 2 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 6 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => startTransform(context, { transactionalId: byPartition }),
})
