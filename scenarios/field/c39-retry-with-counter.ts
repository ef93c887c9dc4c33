import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/** The article's retry: what failed goes to the same topic again, with a counter in its value. */
export default defineScenario({
  name: 'C39 products: retry by republishing with a counter',
  topics: { products: { partitions: 1 } },
  records: {
    products: Array.from({ length: 3 }, (_, n) => ({
      key: `p-${n}`,
      value: JSON.stringify({ product: n, retryCount: 0 }),
    })),
  },
  consumers: 1,
  guarantee: atLeastOnce(),
  identity: ({ value }) => JSON.parse(value ?? '').product,
  app: (context) =>
    startService(context, {
      group: 'products',
      topics: ['products'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
            const product = JSON.parse(String(value))
            try {
              await context.effects.record({ topic, partition, offset }, 'indexed')
            } catch {
              await producer.send({
                topic,
                acks: -1,
                messages: [
                  { key, value: JSON.stringify({ ...product, retryCount: product.retryCount + 1 }) },
                ],
              })
            }
          },
        }
      },
    }),
})
