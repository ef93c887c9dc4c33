import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'
import { limited } from './limited.ts'

/** Works on two records of a batch at a time, whatever their keys. */
export default defineScenario({
  name: 'M32 stock: two records at a time',
  topics: { stock: { partitions: 1 } },
  records: {
    stock: Array.from({ length: 6 }, (_, index) => ({ key: `sku-${index % 2}`, value: `level ${index}` })),
  },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) =>
    startService(context, {
      group: 'stock',
      topics: ['stock'],
      run: () => ({
        eachBatch: async ({ batch: { topic, partition, messages } }) => {
          await limited(2, messages, ({ offset }) =>
            context.effects.record({ topic, partition, offset }, 'updated'),
          )
        },
      }),
    }),
})
