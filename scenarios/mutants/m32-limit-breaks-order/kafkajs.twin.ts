import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'
import { limited } from './limited.ts'

/** Works on two keys of a batch at a time, and on the records of a key in turn. */
export default defineScenario({
  name: 'M32 twin: stock: two keys at a time',
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
          const byKey = Object.values(Object.groupBy(messages, ({ key }) => String(key)))
          await limited(2, byKey, async (ofOneKey = []) => {
            for (const { offset } of ofOneKey)
              await context.effects.record({ topic, partition, offset }, 'updated')
          })
        },
      }),
    }),
})
