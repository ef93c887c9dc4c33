import type { Producer } from 'kafkajs'
import type { AppContext, Scenario } from 'onceover'
import { startService } from '../../service.ts'

export const bookings = {
  topics: { bookings: { partitions: 1 }, 'bookings.aside': { partitions: 1 } },
  records: { bookings: 4 },
  consumers: 2,
} satisfies Partial<Scenario>

type PutAside = (send: () => ReturnType<Producer['send']>) => Promise<unknown>

/** Books each record; one that can't be booked goes to a topic that people look through. */
export function startBookings(context: AppContext, putAside: PutAside): Promise<void> {
  return startService(context, {
    group: 'bookings',
    topics: ['bookings'],
    run: async (_, kafka) => {
      const producer = kafka.producer({ retry: { retries: 0 } })
      await producer.connect()
      return {
        eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
          const booked = context.effects.record({ topic, partition, offset }, 'booked')
          await booked.catch(() =>
            putAside(() => producer.send({ topic: 'bookings.aside', messages: [{ key, value }] })),
          )
        },
      }
    },
  })
}
