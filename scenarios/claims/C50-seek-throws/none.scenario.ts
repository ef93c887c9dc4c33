import { ordersScenario } from '../../poll-loop/orders.ts'

/** Seeks to 0 after the first 5 of 15 records were deleted; policy none. */
export default ordersScenario('C50 seek to an offset that is gone, none', {
  records: Array.from({ length: 15 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 5 ? 0 : index < 10 ? 2_000 : 20_000,
  })),
  settings: { 'auto.offset.reset': 'none' },
  listener: (consumer, { incarnation }) => ({
    assigned: (partitions) => {
      for (const at of partitions) consumer.seek(at, incarnation === 1 ? 0n : 5n)
    },
  }),
})
