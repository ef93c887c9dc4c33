import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** A price that fails goes to a retry topic: later prices of the same product overtake it. */
export default defineScenario({
  name: 'M13 prices overtake one that waits in a retry topic',
  topics: { prices: { partitions: 1 }, 'prices.retry': { partitions: 1 } },
  records: { prices: Array.from({ length: 3 }, (_, index) => ({ key: 'tea', value: `price ${index}` })) },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) =>
    startService(context, {
      group: 'prices',
      topics: ['prices', 'prices.retry'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
            try {
              await context.effects.record({ topic, partition, offset }, 'shown')
            } catch {
              await producer.send({ topic: 'prices.retry', messages: [{ key, value }] })
            }
          },
        }
      },
    }),
})
