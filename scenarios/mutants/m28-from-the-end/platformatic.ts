import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Begins at the end where it has committed nothing: what came to a new partition before it looked
 * is lost.
 */
export default defineScenario({
  name: 'M28 on @platformatic/kafka: sensors read from the end',
  topics: { sensors: { partitions: 1 } },
  records: {
    sensors: Array.from({ length: 4 }, (_, index) => ({ value: `t-${index}`, atMs: 10_000 + index * 1_000 })),
  },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'sensors',
      topics: ['sensors'],
      fallback: 'latest',
      handle: async (message) => {
        await context.effects.record(message, 'stored')
        await message.commit()
      },
    }),
})
