import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Gives what is no parcel to a dead-letter topic. Where that fails it writes a line into its log,
 * and goes on: the record is nowhere.
 */
export default defineScenario({
  name: 'M12 parcels lose dead letters in silence',
  topics: { parcels: { partitions: 1 }, 'parcels.dead': { partitions: 1 } },
  records: { parcels: ['one', 'two', 'three', '{"to":"Seoul"}'].map((value) => ({ value })) },
  consumers: 1,
  guarantee: atLeastOnce({ deadLetter: 'parcels.dead' }),
  faults: ['crash', 'pause', 'request-error'],
  app: (context) =>
    startService(context, {
      group: 'parcels',
      topics: ['parcels'],
      run: async (_, kafka) => {
        const producer = kafka.producer({ retry: { retries: 0 } })
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message: { key, value, offset } }) => {
            if (String(value).startsWith('{'))
              return context.effects.record({ topic, partition, offset }, 'sent off')
            const letter = { topic: 'parcels.dead', messages: [{ key, value }] }
            await producer.send(letter).catch((error) => console.error('no dead letter', error))
          },
        }
      },
    }),
})
