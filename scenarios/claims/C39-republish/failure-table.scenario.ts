import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

const RETRIES_MAX = 3

/**
 * A record that fails at its last attempt goes to a table of failures (here an effect, too), and an
 * error of that table is only logged. All records are at their last attempt.
 */
export default defineScenario({
  name: 'C39 products: failures go to a table, which may fail, too',
  topics: { products: { partitions: 1 } },
  records: {
    products: Array.from({ length: 3 }, (_, n) => ({
      key: `p-${n}`,
      value: JSON.stringify({ product: n, retryCount: RETRIES_MAX }),
    })),
  },
  consumers: 1,
  guarantee: atLeastOnce({ labels: ['indexed'] }),
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
            const retryCount = product.retryCount + 1
            try {
              await context.effects.record({ topic, partition, offset }, 'indexed')
            } catch {
              if (retryCount > RETRIES_MAX)
                return context.effects.record({ topic, partition, offset }, 'noted as failed').catch(() => {})
              const copy = { key, value: JSON.stringify({ ...product, retryCount }) }
              await producer.send({ topic, acks: -1, messages: [copy] })
            }
          },
        }
      },
    }),
})
