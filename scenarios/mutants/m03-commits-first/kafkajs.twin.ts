import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/** Commits once the work is done: a crash between the two repeats the record. */
export default defineScenario({
  name: 'M03 twin: invoice writer processes, then commits',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'invoices',
      topics: ['invoices'],
      run: (consumer) => ({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'written')
          await consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }])
        },
      }),
    }),
})
