import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

const ATTEMPTS_MAX = 3

/**
 * A record that fails three times goes to a dead-letter topic with `acks: -1`, and only then does
 * the consumer go on to the next record. A send whose answer is lost is repeated: the dead-letter
 * topic is at least once too.
 */
export default defineScenario({
  name: 'refunds: a dead-letter topic',
  topics: { refunds: { partitions: 2 }, 'refunds.dead': { partitions: 1 } },
  records: { refunds: 6 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: 'refunds.dead' }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'refunds',
      topics: ['refunds'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message, heartbeat }) => {
            const { key, value, headers, offset } = message
            for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
              try {
                JSON.parse(String(value))
                return await context.effects.record({ topic, partition, offset }, 'refunded')
              } catch {
                await heartbeat()
              }
            }
            await producer.send({
              topic: 'refunds.dead',
              acks: -1,
              messages: [{ key, value, ...(headers && { headers }) }],
            })
          },
        }
      },
    }),
})
