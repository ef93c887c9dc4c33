import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'
import { limited } from './limited.ts'

/** Works on two keys of a poll at a time, and on the records of a key in turn. */
export default defineScenario({
  name: 'M32 twin on a poll loop: stock: two keys at a time',
  topics: { stock: { partitions: 1 } },
  records: {
    stock: Array.from({ length: 6 }, (_, index) => ({ key: `sku-${index % 2}`, value: `level ${index}` })),
  },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  effects: 'reported',
  app: (context) =>
    startPollLoop(context, {
      group: 'stock',
      topics: ['stock'],
      handle: async (records, consumer) => {
        const byKey = Object.values(Object.groupBy([...records], ({ key }) => String(key)))
        await limited(2, byKey, async (ofOneKey = []) => {
          for (const record of ofOneKey) await context.effects.record(record, 'updated')
        })
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
