import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Seeks back to what has failed, and commits nothing before it is done. */
export default defineScenario({
  name: 'M30 twin on a poll loop: tickets: seeks back to what has failed',
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
            consumer.seek(record, record.offset)
            break
          }
        }
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
