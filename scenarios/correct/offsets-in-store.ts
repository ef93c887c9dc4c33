import { defineScenario, exactlyOnce } from 'onceover'
import { next, startService } from '../service.ts'

/**
 * Offsets live in the database beside the results: a batch and the offset after it are one
 * transaction, and every assignment seeks there. Kafka's own committed offsets are not used. Until
 * the seek has been answered, and after a rebalance that nobody noticed yet, a batch may come that
 * another process has written: the offset in the database decides.
 */
export default defineScenario({
  name: 'warehouse loader: offsets in the store, seek on assignment',
  topics: { sales: { partitions: 2 } },
  records: { sales: 8 },
  consumers: 2,
  guarantee: exactlyOnce({ order: 'partition' }),
  app: (context) =>
    startService(context, {
      group: 'loader',
      topics: ['sales'],
      run: (consumer) => {
        const stored = async (topic: string, partition: number): Promise<string> =>
          context.store.transaction(async (tx) =>
            String((await tx.get('offsets', `${topic}/${partition}`)) ?? '0'),
          )
        consumer.on(consumer.events.GROUP_JOIN, async ({ payload }) => {
          for (const [topic, partitions] of Object.entries(payload.memberAssignment)) {
            for (const partition of partitions) {
              consumer.seek({ topic, partition, offset: await stored(topic, partition) })
            }
          }
        })
        return {
          autoCommit: false,
          eachBatch: async ({ batch, isStale }) => {
            const { topic, partition, messages } = batch
            if (isStale()) return
            await context.store.transaction(async (tx) => {
              const from = BigInt(String((await tx.get('offsets', `${topic}/${partition}`)) ?? '0'))
              const rows = messages.filter(({ offset }) => BigInt(offset) >= from)
              for (const { offset } of rows) tx.effect({ topic, partition, offset }, 'loaded')
              if (rows.length > 0) await tx.put('offsets', `${topic}/${partition}`, next(batch.lastOffset()))
            })
          },
        }
      },
    }),
})
