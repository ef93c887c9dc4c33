import { atLeastOnce, defineScenario } from 'onceover'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'

const DEAD = 'parcels.dead'

/**
 * Gives what is no parcel to a dead-letter topic. Where that fails the process ends, and the record
 * comes again.
 *
 * With the faults and records of the defect.
 */
export default defineScenario({
  name: 'M12 twin on @platformatic/kafka: parcels wait for their dead letters',
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
        else await producer.send({ messages: [{ topic: DEAD, key, value }] })
        await message.commit()
      },
    })
  },
})
