import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'
import { limited } from './limited.ts'

/** Works on two records of a poll at a time, whatever their keys. */
export default defineScenario({
  name: 'M32 on a poll loop: stock: two records at a time',
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
        await limited(2, [...records], (record) => context.effects.record(record, 'updated'))
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
