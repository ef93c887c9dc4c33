import { atLeastOnce, defineScenario } from 'onceover'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'

/** A price that fails goes to a retry topic: later prices of the same product overtake it. */
export default defineScenario({
  name: 'M13 on @platformatic/kafka: prices overtake one that waits in a retry topic',
  topics: { prices: { partitions: 1 }, 'prices.retry': { partitions: 1 } },
  records: { prices: Array.from({ length: 3 }, (_, index) => ({ key: 'tea', value: `price ${index}` })) },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) => {
    const producer = textProducer(context)
    return startStreamService(context, {
      group: 'prices',
      topics: ['prices', 'prices.retry'],
      handle: async (message) => {
        const { key, value } = message
        try {
          await context.effects.record(message, 'shown')
        } catch {
          await producer.send({ messages: [{ topic: 'prices.retry', key, value }] })
        }
        await message.commit()
      },
    })
  },
})
