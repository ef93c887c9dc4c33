import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Longer than any outage that it is to outlast. */
const TOO_OLD_MS = 30 * 60_000

/** Sends offers that look too old to a topic where somebody decides: the own clock may be wrong. */
export default defineScenario({
  name: 'M50 twin: offers that look too old are sent to be decided',
  topics: { offers: { partitions: 1 }, 'offers.late': { partitions: 1 } },
  records: { offers: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: 'offers.late' }),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'clock'],
  app: (context) =>
    startService(context, {
      group: 'offers',
      topics: ['offers'],
      run: async (_, kafka) => {
        const producer = kafka.producer()
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message: { key, value, offset, timestamp } }) => {
            if (Date.now() - Number(timestamp) > TOO_OLD_MS)
              await producer.send({ topic: 'offers.late', messages: [{ key, value }] })
            else await context.effects.record({ topic, partition, offset }, 'made')
          },
        }
      },
    }),
})
