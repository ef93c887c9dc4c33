import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Offsets are strings in kafkajs: '1' + 1 is '11', and a restart resumes there. */
export default defineScenario({
  name: 'M02 stock counter adds 1 to a string',
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
          const offset = message.offset + 1
          await consumer.commitOffsets([{ topic, partition, offset }])
        },
      }),
    }),
})
