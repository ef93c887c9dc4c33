import { defineScenario, exactlyOnce } from 'onceover'
import { byPartition, INPUT, OUTPUT, startTransform } from '../../transform.ts'

/** Sends the offsets in a transaction, and the output beside it. */
export default defineScenario({
  name: 'M25 click counter sends its output outside the transaction',
  topics: { [INPUT]: { partitions: 1 }, [OUTPUT]: { partitions: 1 } },
  records: { [INPUT]: 4 },
  consumers: 2,
  guarantee: exactlyOnce({ outputs: [OUTPUT] }),
  app: (context) =>
    startTransform(context, {
      transactionalId: byPartition,
      send: (_, producer, value) => producer.send({ topic: OUTPUT, messages: [{ value }] }),
    }),
})
