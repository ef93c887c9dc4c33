import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Commits before it has done the work: a crash between the two loses the record. */
export default defineScenario({
  name: 'M03 on @platformatic/kafka: invoice writer commits before it processes',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      handle: async (message) => {
        await message.commit()
        await context.effects.record(message, 'written')
      },
    }),
})
