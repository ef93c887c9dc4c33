import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * Three brokers with three replicas of everything, of which two must be in sync: what was
 * acknowledged by all of them survives the crash of any one. Brokers lose their power and what they
 * had not flushed, replicas lag, leaders and coordinators move, and brokers that are cut from the
 * controller go on as if they led and coordinated.
 */
export default defineScenario({
  name: 'invoices: three replicas',
  topics: { invoices: { partitions: 2, configs: { 'min.insync.replicas': '2' } } },
  records: {
    invoices: () =>
      Array.from({ length: 8 }, (_, index) => ({
        key: `customer-${index % 4}`,
        value: JSON.stringify({ invoice: index }),
        partition: index % 2,
        atMs: index < 4 ? 0 : index * 2_000,
      })),
  },
  consumers: 2,
  brokers: 3,
  broker: { 'default.replication.factor': 3, 'min.insync.replicas': 2 },
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'invoices',
      topics: ['invoices'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'booked')
        },
      }),
    }),
})
