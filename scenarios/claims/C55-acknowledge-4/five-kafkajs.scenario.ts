import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Five records, resolved one by one. */
export default defineScenario({
  name: 'C55 five records on kafkajs',
  topics: { orders: { partitions: 1 } },
  records: { orders: 5 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'orders',
      topics: ['orders'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets }) => {
          for (const message of batch.messages) {
            const { topic, partition } = batch
            await context.effects.record({ topic, partition, offset: message.offset }, 'saved')
            resolveOffset(message.offset)
          }
          await commitOffsetsIfNecessary(uncommittedOffsets())
        },
      }),
    }),
})
