import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Does not wait for its work: the handler ends, and auto commit vouches for what is not yet done.
 */
export default defineScenario({
  name: 'M07 notifier does not await',
  topics: { events: { partitions: 1 } },
  records: { events: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'notifier',
      topics: ['events'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          context.effects.record({ topic, partition, offset: message.offset }, 'notified')
        },
      }),
    }),
})
