import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/** Adds 1 to the number that the string stands for. */
export default defineScenario({
  name: 'M02 twin: stock counter adds 1 to a number',
  topics: { stock: { partitions: 1 } },
  records: { stock: 12 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'counter',
      topics: ['stock'],
      run: (consumer) => ({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'counted')
          const offset = next(message.offset)
          await consumer.commitOffsets([{ topic, partition, offset }])
        },
      }),
    }),
})
