import { atLeastOnce, defineScenario } from 'onceover'
import type { ConsumerRecord } from 'onceover/poll-loop'
import { nextOf } from '../../poll-loop/orders.ts'
import { startPollLoop } from '../../poll-loop/service.ts'
import { isReading, Tracker } from './tracker.ts'

/**
 * Commits up to the first record that is not done. A record that can't be read is done, too: it is
 * given up.
 */
export default defineScenario({
  name: 'M11 twin on a poll loop: meter readings track a record that was given up',
  topics: { readings: { partitions: 1 } },
  records: { readings: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'rebalance', 'network', 'broker', 'malformed-record'],
  app: (context) => {
    const tracker = new Tracker<ConsumerRecord>()
    return startPollLoop(context, {
      group: 'meters',
      topics: ['readings'],
      listener: () => ({ assigned: () => tracker.clear() }),
      handle: async (records, consumer) => {
        for (const record of records) {
          tracker.begin(record)
          if (isReading(record.value)) {
            await context.effects.record(record, 'noted')
            tracker.end(record)
          } else {
            context.effects.skip(record, 'no reading')
            tracker.end(record)
          }
          const last = tracker.lastOfPrefix
          if (last !== null) await consumer.commitSync(nextOf(last))
        }
      },
    })
  },
})
