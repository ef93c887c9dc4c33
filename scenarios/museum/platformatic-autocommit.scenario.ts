import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * The plainest consumer, with the client's own commits, which are on by default. The client commits
 * what it has read, and not what it has handed over: a crash loses what waited in its buffer.
 */
export default defineScenario({
  name: '@platformatic/kafka: autocommit runs ahead of the loop',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['crash'],
  app: async (context) => {
    const stream = await streamOf(context, 'payments', { autocommit: true })
    for await (const message of stream) await context.effects.record(message, 'booked')
  },
})
