import { defineScenario, exactlyOnce } from 'onceover'
import { byPartition, INPUT, OUTPUT, startTransform } from '../../transform.ts'

/** Sends the offset of the record that it has counted, and not the one after it. */
export default defineScenario({
  name: 'M23 click counter sends its offsets without + 1',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) => startTransform(context, { transactionalId: byPartition, offsetOf: (offset) => offset }),
})
