import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/** Commits before it has done the work: a crash between the two loses the record. */
export default defineScenario({
  name: 'M03 invoice writer commits before it processes',
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
          await consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }])
          await context.effects.record({ topic, partition, offset: message.offset }, 'written')
        },
      }),
    }),
})
