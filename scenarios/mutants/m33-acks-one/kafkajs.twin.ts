import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Sends what it cannot book to a dead-letter topic with `acks: -1`: answered once all in-sync
 * replicas have it, and refused where fewer than two are in sync. What any broker's crash takes
 * away after that, another one still has.
 */
export default defineScenario({
  name: 'M33 twin: bookings: dead letters that all in-sync replicas have',
  topics: {
    bookings: { partitions: 1 },
    'bookings.dead': { partitions: 1 },
  },
  records: { bookings: [{ value: 'not a booking' }, { value: '{"seat":"12A"}' }] },
  consumers: 1,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'min.insync.replicas': 2 },
  guarantee: atLeastOnce({ deadLetter: 'bookings.dead' }),
  app: (context) =>
    startService(context, {
      group: 'bookings',
      topics: ['bookings'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
            if (isBooking(value)) return context.effects.record({ topic, partition, offset }, 'booked')
            const letter = { topic: 'bookings.dead', acks: -1, messages: [{ key, value }] }
            // kafkajs goes on with a connection that no longer answers: another incarnation makes a
            // new one.
            await producer.send(letter).catch(() => process.exit(1))
          },
        }
      },
    }),
})

function isBooking(value: Buffer | null): boolean {
  try {
    return JSON.parse(String(value)).seat !== undefined
  } catch {
    return false
  }
}
