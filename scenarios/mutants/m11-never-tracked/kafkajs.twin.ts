import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'
import { isReading, Tracker } from './tracker.ts'

/**
 * Commits up to the first record that is not done. A record that can't be read is done, too: it is
 * given up.
 */
export default defineScenario({
  name: 'M11 twin: meter readings track a record that was given up',
  topics: { readings: { partitions: 1 } },
  records: { readings: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'rebalance', 'network', 'broker', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'meters',
      topics: ['readings'],
      run: (consumer) => {
        const tracker = new Tracker<string>()
        consumer.on(consumer.events.GROUP_JOIN, () => tracker.clear())
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset, value } }) => {
            tracker.begin(offset)
            if (isReading(value)) {
              await context.effects.record({ topic, partition, offset }, 'noted')
              tracker.end(offset)
            } else {
              context.effects.skip({ topic, partition, offset }, 'no reading')
              tracker.end(offset)
            }
            const last = tracker.lastOfPrefix
            if (last !== null) await consumer.commitOffsets([{ topic, partition, offset: next(last) }])
          },
        }
      },
    }),
})
