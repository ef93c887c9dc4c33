import { defineScenario, exactlyOnce } from 'onceover'
import { byPartition, INPUT, OUTPUT, startTransform } from '../../transform.ts'

/** Outputs and offsets in one transaction, the id of which belongs to the partition. */
export default defineScenario({
  name: 'M25 twin: click counter with one transaction for all',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => startTransform(context, { transactionalId: byPartition }),
})
