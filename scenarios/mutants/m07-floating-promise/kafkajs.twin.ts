import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Waits for its work. */
export default defineScenario({
  name: 'M07 twin: notifier awaits',
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
          await context.effects.record({ topic, partition, offset: message.offset }, 'notified')
        },
      }),
    }),
})
