import { ProduceAcks } from '@platformatic/kafka'
import { atLeastOnce, defineScenario } from 'onceover'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'

const DEAD = 'bookings.dead'

/** Sends what it cannot book to a dead-letter topic, and waits for all in-sync replicas. */
export default defineScenario({
  name: 'M33 twin on @platformatic/kafka: bookings: dead letters that all in-sync replicas have',
  topics: { bookings: { partitions: 1 }, [DEAD]: { partitions: 1 } },
  records: { bookings: [{ value: 'not a booking' }, { value: 'seat 12A' }] },
  consumers: 1,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'min.insync.replicas': 2 },
  guarantee: atLeastOnce({ deadLetter: DEAD }),
  app: (context) => {
    const producer = textProducer(context)
    return startStreamService(context, {
      group: 'bookings',
      topics: ['bookings'],
      handle: async (message) => {
        const { key, value } = message
        if (value.startsWith('seat')) await context.effects.record(message, 'booked')
        else await producer.send({ acks: ProduceAcks.ALL, messages: [{ topic: DEAD, key, value }] })
        await message.commit()
      },
    })
  },
})
