import { atLeastOnce, defineScenario } from 'onceover'
import { succeeds } from '../../attempts.ts'
import { startService } from '../../service.ts'
import { tax } from './tax.ts'

/**
 * Sends a record that has failed three times to a dead-letter topic, waits until it is there, and
 * goes on.
 */
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
            const taxed = await succeeds(() => tax(context, { topic, partition, offset }, value))
            if (!taxed) await producer.send({ topic: 'taxes.dead', messages: [{ key, value }] })
          },
        }
      },
    }),
})
