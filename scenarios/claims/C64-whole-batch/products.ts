import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { startService } from '../../service.ts'

interface Product {
  readonly product: number
  readonly retryCount: number
}

/** Works on a batch, and republishes of it what `which` says once one of its records has failed. */
export function republishing(name: string, which: 'all' | 'failed'): Scenario {
  return defineScenario({
    name,
    topics: { products: { partitions: 1 } },
    records: {
      products: Array.from({ length: 3 }, (_, product) => ({
        key: `p-${product}`,
        value: JSON.stringify({ product, retryCount: 0 }),
      })),
    },
    consumers: 1,
    // The store refuses a record, and nothing else goes wrong.
    faults: ['effect-error'],
    guarantee: exactlyOnce(),
    identity: ({ value }) => (JSON.parse(value ?? '') as Product).product,
    app: (context) =>
      startService(context, {
        group: 'products',
        topics: ['products'],
        run: async (_, kafka) => {
          const producer = kafka.producer()
          await producer.connect()
          return {
            eachBatch: async ({ batch: { topic, partition, messages } }) => {
              const done = await Promise.allSettled(
                messages.map(({ offset }) => context.effects.record({ topic, partition, offset }, 'indexed')),
              )
              const failed = messages.filter((_, index) => done[index]?.status === 'rejected')
              if (failed.length === 0) return
              const again = which === 'all' ? messages : failed
              await producer.send({
                topic,
                acks: -1,
                messages: again.map(({ key, value }) => ({ key, value: oneMoreRetry(value) })),
              })
            },
          }
        },
      }),
  })
}

function oneMoreRetry(value: Buffer | null): string {
  const product = JSON.parse(String(value)) as Product
  return JSON.stringify({ ...product, retryCount: product.retryCount + 1 })
}
