import { atLeastOnce, defineScenario } from 'onceover'
import { succeeds } from '../../attempts.ts'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'
import { tax } from './tax.ts'

const DEAD = 'taxes.dead'

/**
 * Sends a record that has failed three times to a dead-letter topic, waits until it is there, and
 * goes on.
 */
export default defineScenario({
  name: 'M27 twin on @platformatic/kafka: tax service gives a poison record to a dead-letter topic',
  topics: { taxes: { partitions: 1 }, [DEAD]: { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: DEAD }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) => {
    const producer = textProducer(context)
    return startStreamService(context, {
      group: 'taxes',
      topics: ['taxes'],
      handle: async (message) => {
        const { key, value } = message
        const taxed = await succeeds(() => tax(context, message, value))
        if (!taxed) await producer.send({ messages: [{ topic: DEAD, key, value }] })
        await message.commit()
      },
    })
  },
})
