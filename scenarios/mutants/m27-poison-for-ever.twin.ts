import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

const ATTEMPTS_MAX = 3

/** Sends a record that has failed three times to a dead-letter topic, waits until it is there, and goes on. */
export default defineScenario({
  name: 'M27 twin: tax service gives a poison record to a dead-letter topic',
  topics: { taxes: { partitions: 1 }, 'taxes.dead': { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: 'taxes.dead' }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'taxes',
      topics: ['taxes'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message }) => {
            const { key, value, offset } = message
            for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
              try {
                if (!String(value).endsWith('}')) throw new Error('not a tax record')
                return await context.effects.record({ topic, partition, offset }, 'taxed')
              } catch (error) {
                console.error(`attempt ${attempt} failed`, error)
              }
            }
            await producer.send({ topic: 'taxes.dead', messages: [{ key, value }] })
          },
        }
      },
    }),
})
