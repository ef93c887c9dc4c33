import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Keeps in memory how far each partition has been booked, and reads the store only where it does
 * not know. What another process has booked meanwhile it does not know of when the partition comes
 * back, and books it again.
 */
export default defineScenario({
  name: 'M41 ledger: a cache outlives the assignment',
  topics: { bookings: { partitions: 1 } },
  records: { bookings: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'ledger',
      topics: ['bookings'],
      run: () => {
        const booked = new Map<string, bigint>()
        return {
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            const place = `${topic}/${partition}`
            const upTo = await context.store.transaction(async (tx) => {
              const stored = booked.get(place) ?? BigInt(String((await tx.get('booked', place)) ?? -1))
              if (BigInt(offset) <= stored) return stored
              await tx.put('booked', place, offset)
              tx.effect({ topic, partition, offset }, 'booked')
              return BigInt(offset)
            })
            booked.set(place, upTo)
          },
        }
      },
    }),
})
