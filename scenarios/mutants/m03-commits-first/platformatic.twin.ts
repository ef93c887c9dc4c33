import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Commits once the work is done: a crash between the two repeats the record. */
export default defineScenario({
  name: 'M03 twin on @platformatic/kafka: invoice writer processes, then commits',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
