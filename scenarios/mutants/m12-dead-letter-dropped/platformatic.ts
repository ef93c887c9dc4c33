import { atLeastOnce, defineScenario } from 'onceover'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'

const DEAD = 'parcels.dead'

/**
 * Gives what is no parcel to a dead-letter topic. Where that fails it writes a line into its log,
 * and goes on: the record is nowhere.
 *
 * Refused requests are its only faults, and it has two records, so that it shows within 60
 * schedules: with crashes and four records it took 69.
 */
export default defineScenario({
  name: 'M12 on @platformatic/kafka: parcels lose dead letters in silence',
  topics: { parcels: { partitions: 1 }, [DEAD]: { partitions: 1 } },
  records: { parcels: ['one', '{"to":"Seoul"}'].map((value) => ({ value })) },
  consumers: 1,
  guarantee: atLeastOnce({ deadLetter: DEAD }),
  faults: ['request-error'],
  app: (context) => {
    const producer = textProducer(context, { retries: 0 })
    return startStreamService(context, {
      group: 'parcels',
      topics: ['parcels'],
      handle: async (message) => {
        const { key, value } = message
        if (value.startsWith('{')) await context.effects.record(message, 'sent off')
        else
          await producer
            .send({ messages: [{ topic: DEAD, key, value }] })
            .catch((error) => console.error('no dead letter', error))
        await message.commit()
      },
    })
  },
})
