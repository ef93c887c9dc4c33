import { Producer, stringSerializers } from '@platformatic/kafka'
import { type AppContext, atLeastOnce, defineScenario } from 'onceover'
import type { TextMessage } from './messages.ts'
import { startStreamService } from './service.ts'

const ATTEMPTS_MAX = 3
const DEAD = 'taxes.dead'

/** Sends a record that has failed three times to a dead-letter topic, waits until it is there, and goes on. */
export default defineScenario({
  name: 'M27 twin on @platformatic/kafka: tax service gives a poison record to a dead-letter topic',
  topics: { taxes: { partitions: 1 }, [DEAD]: { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: DEAD }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) => {
    const producer = new Producer({
      clientId: context.instance,
      bootstrapBrokers: [...context.brokers],
      serializers: stringSerializers,
    })
    return startStreamService(context, {
      group: 'taxes',
      topics: ['taxes'],
      handle: async (message) => {
        const { key, value } = message
        if (!(await tax(context, message))) await producer.send({ messages: [{ topic: DEAD, key, value }] })
        await message.commit()
      },
    })
  },
})

async function tax(context: AppContext, message: TextMessage): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      if (!message.value.endsWith('}')) throw new Error('not a tax record')
      await context.effects.record(message, 'taxed')
      return true
    } catch (error) {
      console.error(`attempt ${attempt} failed`, error)
    }
  }
  return false
}
