import { ordersScenario } from '../../poll-loop/orders.ts'

/**
 * The process is away for longer than the broker keeps its offsets; policy none. Its first process
 * seeks, and so does who comes after the one that found no offset.
 */
export default ordersScenario('C18 offsets expire, none', {
  records: Array.from({ length: 10 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 5 ? 6_000 : 20_000,
  })),
  broker: {
    'offsets.retention.minutes': 1,
    'offsets.retention.check.interval.ms': 1_000,
    'group.min.session.timeout.ms': 1_000,
  },
  settings: { 'auto.offset.reset': 'none', 'session.timeout.ms': 5_000, 'heartbeat.interval.ms': 1_000 },
  listener: (consumer, { incarnation }) => ({
    assigned: (partitions) => {
      if (incarnation !== 2) for (const at of partitions) consumer.seek(at, 0n)
    },
  }),
})
