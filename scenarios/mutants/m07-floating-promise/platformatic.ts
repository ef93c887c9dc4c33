import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Does not wait for its work before it commits. */
export default defineScenario({
  name: 'M07 on @platformatic/kafka: notifier does not await',
  topics: { events: { partitions: 1 } },
  records: { events: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'notifier',
      topics: ['events'],
      handle: async (message) => {
        context.effects.record(message, 'notified')
        await message.commit()
      },
    }),
})
