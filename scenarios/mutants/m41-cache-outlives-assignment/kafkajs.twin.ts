import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Reads with each record how far its partition has been booked, in the transaction that books it:
 * one of two that do so at once conflicts and is tried again.
 */
export default defineScenario({
  name: 'M41 twin: ledger reads its store each time',
  topics: { bookings: { partitions: 1 } },
  records: { bookings: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'ledger',
      topics: ['bookings'],
      run: () => {
        return {
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            const place = `${topic}/${partition}`
            await context.store.transaction(async (tx) => {
              const stored = BigInt(String((await tx.get('booked', place)) ?? -1))
              if (BigInt(offset) <= stored) return
              await tx.put('booked', place, offset)
              tx.effect({ topic, partition, offset }, 'booked')
            })
          },
        }
      },
    }),
})
