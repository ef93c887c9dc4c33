import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * One process, two groups on one topic: each group sees every record, and neither waits for the
 * other. The process ends when both have left.
 */
export default defineScenario({
  name: 'orders for billing and for the warehouse: two groups',
  topics: { orders: { partitions: 2 } },
  records: { orders: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    let running = 2
    const start = (group: string, label: string): Promise<void> =>
      startService(context, {
        group,
        topics: ['orders'],
        onSigterm: async (consumer) => {
          await consumer.disconnect()
          running -= 1
          if (running === 0) process.exit(0)
        },
        run: () => ({
          eachMessage: async ({ topic, partition, message }) => {
            await context.effects.record({ topic, partition, offset: message.offset }, label)
          },
        }),
      })
    await Promise.all([start('billing', 'billed'), start('warehouse', 'packed')])
  },
})
