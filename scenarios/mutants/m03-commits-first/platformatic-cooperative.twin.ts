import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Commits once the work is done, in a group that moves only the partitions that have to. */
export default defineScenario({
  name: 'M03 twin with cooperative-sticky: invoice writer processes, then commits',
  topics: { invoices: { partitions: 3 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      assignors: ['cooperative-sticky'],
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
