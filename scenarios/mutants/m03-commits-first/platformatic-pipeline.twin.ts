import { atLeastOnce, defineScenario } from 'onceover'
import { inPipeline } from '../../platformatic/reading.ts'
import { startStreamService } from '../../platformatic/service.ts'

/** Commits once the work is done, in a Writable at the end of a pipeline. */
export default defineScenario({
  name: 'M03 twin in a pipeline: invoice writer processes in its write, then commits',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'invoices',
      topics: ['invoices'],
      read: inPipeline,
      handle: async (message) => {
        await context.effects.record(message, 'written')
        await message.commit()
      },
    }),
})
