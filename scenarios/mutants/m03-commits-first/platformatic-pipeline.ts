import { atLeastOnce, defineScenario } from 'onceover'
import { inTwoSteps } from '../../platformatic/reading.ts'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Commits in a Transform what the Writable behind it has yet to do: a crash loses what lies between
 * the two.
 */
export default defineScenario({
  name: 'M03 in a pipeline: invoice writer commits ahead of its write',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      read: inTwoSteps((message) => context.effects.record(message, 'written')),
      handle: async (message) => message.commit(),
    }),
})
