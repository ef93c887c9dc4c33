import { atLeastOnce, defineScenario } from 'onceover'
import type { TextMessage } from '../../platformatic/messages.ts'
import { startStreamService } from '../../platformatic/service.ts'
import { isReading, Tracker } from './tracker.ts'

/**
 * Commits up to the first record that is not done. A record that can't be read is done, too: it is
 * given up.
 */
export default defineScenario({
  name: 'M11 twin on @platformatic/kafka: meter readings track a record that was given up',
  topics: { readings: { partitions: 1 } },
  records: { readings: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'rebalance', 'network', 'broker', 'malformed-record'],
  app: (context) => {
    const tracker = new Tracker<TextMessage>()
    return startStreamService(context, {
      group: 'meters',
      topics: ['readings'],
      handle: async (message) => {
        tracker.begin(message)
        if (isReading(message.value)) {
          await context.effects.record(message, 'noted')
          tracker.end(message)
        } else {
          context.effects.skip(message, 'no reading')
          tracker.end(message)
        }
        await tracker.lastOfPrefix?.commit()
      },
    })
  },
})
