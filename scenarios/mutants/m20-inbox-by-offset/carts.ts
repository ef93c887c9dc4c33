import { Partitioners } from 'kafkajs'
import type { AppContext, Scenario } from 'onceover'
import { startService } from '../../service.ts'

/** Carts become orders; the producer is not idempotent, so that an order may come twice. */
export const carts = {
  topics: { carts: { partitions: 1 }, orders: { partitions: 1 } },
  records: {
    carts: Array.from({ length: 3 }, (_, index) => ({ value: JSON.stringify({ cart: `c-${index}` }) })),
    orders: 0,
  },
  identity: ({ value }) => JSON.parse(value ?? '').cart,
} satisfies Partial<Scenario>

/** Sends an order for each cart. */
export function shop(context: AppContext): Promise<void> {
  return startService(context, {
    group: 'shop',
    topics: ['carts'],
    run: async (_, kafka) => {
      const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
      await producer.connect()
      return {
        eachMessage: async ({ message: { value } }) => {
          await producer.send({ topic: 'orders', acks: -1, messages: [{ value }] })
        },
      }
    },
  })
}

/** Delivers each order once, as far as `keyOf` tells orders apart. */
export function deliveries(
  context: AppContext,
  keyOf: (order: { readonly offset: string; readonly value: Buffer | null }) => string,
): Promise<void> {
  return startService(context, {
    group: 'deliveries',
    topics: ['orders'],
    run: () => ({
      eachMessage: async ({ topic, partition, message }) => {
        const key = keyOf(message)
        await context.store.transaction(async (tx) => {
          if ((await tx.get('inbox', key)) !== undefined) return
          await tx.put('inbox', key, true)
          tx.effect({ topic, partition, offset: message.offset }, 'delivered')
        })
      },
    }),
  })
}
