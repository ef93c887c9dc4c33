import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Waits for its work. */
export default defineScenario({
  name: 'M07 twin on @platformatic/kafka: notifier awaits',
  topics: { events: { partitions: 1 } },
  records: { events: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'notifier',
      topics: ['events'],
      handle: async (message) => {
        await context.effects.record(message, 'notified')
        await message.commit()
      },
    }),
})
