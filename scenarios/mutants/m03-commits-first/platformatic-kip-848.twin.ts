import { atLeastOnce, defineScenario } from 'onceover'
import { commit } from '../../platformatic/commit.ts'
import { startStreamService } from '../../platformatic/service.ts'

/** Commits once the work is done: a crash between the two repeats the record. */
export default defineScenario({
  name: 'M03 twin in a group of KIP-848: invoice writer processes, then commits',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      groupProtocol: 'consumer',
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await commit(message)
      },
    }),
})
