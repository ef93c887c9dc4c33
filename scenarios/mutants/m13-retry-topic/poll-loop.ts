import { atLeastOnce, defineScenario } from 'onceover'
import { Producer } from 'onceover/poll-loop'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** A price that fails goes to a retry topic: later prices of the same product overtake it. */
export default defineScenario({
  name: 'M13 on a poll loop: prices overtake one that waits in a retry topic',
  topics: { prices: { partitions: 1 }, 'prices.retry': { partitions: 1 } },
  records: { prices: Array.from({ length: 3 }, (_, index) => ({ key: 'tea', value: `price ${index}` })) },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) => {
    const producer = new Producer({ 'bootstrap.servers': context.brokers })
    return startPollLoop(context, {
      group: 'prices',
      topics: ['prices', 'prices.retry'],
      handle: eachThenCommit(async (record) => {
        const { key, value } = record
        try {
          await context.effects.record(record, 'shown')
        } catch {
          await producer.send({ topic: 'prices.retry', key, value })
        }
      }),
    })
  },
})
