import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Seeks past what has failed, to go on: it is left out for good. */
export default defineScenario({
  name: 'M30 on a poll loop: tickets: seeks past what has failed',
  topics: { tickets: { partitions: 1 } },
  records: { tickets: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'tickets',
      topics: ['tickets'],
      handle: async (records, consumer) => {
        for (const record of records) {
          try {
            await context.effects.record(record, 'printed')
          } catch {
            consumer.seek(record, record.offset + 1n)
            break
          }
        }
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
