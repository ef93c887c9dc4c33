import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Commits once the work is done, in a group in the middle of a deployment: some members know
 * `cooperative-sticky` already, so that the group goes from one assignor to the other as members
 * come and go.
 */
export default defineScenario({
  name: 'M03 twin with two assignors: invoice writer processes, then commits',
  topics: { invoices: { partitions: 3 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      assignors: context.instance === 'consumer-0' ? ['cooperative-sticky', 'roundrobin'] : ['roundrobin'],
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
