import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/** Offsets are strings in kafkajs: '9' + 1 is '91'. */
export default defineScenario({
  name: 'M02 stock counter adds 1 to a string',
  topics: { stock: { partitions: 1 } },
  records: { stock: 6 },
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
