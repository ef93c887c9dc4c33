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
        const failed = new Set<number>()
        for (const record of records) {
          // The position of its partition is back at what has failed; others go on.
          if (failed.has(record.partition)) continue
          try {
            await context.effects.record(record, 'printed')
          } catch {
            consumer.seek(record, record.offset)
            failed.add(record.partition)
          }
        }
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
