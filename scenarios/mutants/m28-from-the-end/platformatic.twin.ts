import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Begins at the first record where it has committed nothing. */
export default defineScenario({
  name: 'M28 twin on @platformatic/kafka: sensors read from the beginning',
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
      fallback: 'earliest',
      handle: async (message) => {
        await context.effects.record(message, 'stored')
        await message.commit()
      },
    }),
})
