import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../service.ts'

const RENDERING_MS = 5_000

/** Works inside the handler: kafkajs does not rejoin before it has ended, and so the commit is still its own. */
export default defineScenario({
  name: 'M10 twin: report renderer works inside its handler',
  topics: { reports: { partitions: 2 } },
  records: { reports: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ strict: true }),
  faults: ['join'],
  app: (context) =>
    startService(context, {
      group: 'renderer',
      topics: ['reports'],
      run: (consumer) => ({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          await sleep(RENDERING_MS)
          await context.effects.record({ topic, partition, offset: message.offset }, 'rendered')
          await consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }])
        },
      }),
    }),
})
