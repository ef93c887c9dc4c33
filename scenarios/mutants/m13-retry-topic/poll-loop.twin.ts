import { atLeastOnce, defineScenario } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** A price that fails is tried again in its place: the process ends, and later prices wait. */
export default defineScenario({
  name: 'M13 twin on a poll loop: prices tried again in their place',
  topics: { prices: { partitions: 1 }, 'prices.retry': { partitions: 1 } },
  records: { prices: Array.from({ length: 3 }, (_, index) => ({ key: 'tea', value: `price ${index}` })) },
  consumers: 1,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) =>
    startPollLoop(context, {
      group: 'prices',
      topics: ['prices', 'prices.retry'],
      handle: eachThenCommit((record) => context.effects.record(record, 'shown')),
    }),
})
