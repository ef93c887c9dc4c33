import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** A price that fails is tried again in its place: the handler fails, and later prices wait. */
export default defineScenario({
  name: 'M13 twin: prices tried again in their place',
  topics: { prices: { partitions: 1 }, 'prices.retry': { partitions: 1 } },
  records: { prices: Array.from({ length: 3 }, (_, index) => ({ key: 'tea', value: `price ${index}` })) },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) =>
    startService(context, {
      group: 'prices',
      topics: ['prices', 'prices.retry'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          await context.effects.record({ topic, partition, offset }, 'shown')
        },
      }),
    }),
})
