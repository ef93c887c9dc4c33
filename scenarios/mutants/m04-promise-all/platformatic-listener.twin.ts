import { atLeastOnce, defineScenario } from 'onceover'
import { inListener } from '../../platformatic/reading.ts'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Commits once the work is done, one message after the other, although a `data` listener is called
 * with all of them.
 */
export default defineScenario({
  name: 'M04 twin in a data listener: invoice writer queues its records',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      read: inListener,
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
