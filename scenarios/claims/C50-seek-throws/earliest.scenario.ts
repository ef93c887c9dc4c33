import { ordersScenario } from '../../poll-loop/orders.ts'

/** Seeks to 0 after the first 5 of 15 records were deleted; policy earliest. */
export default ordersScenario('C50 seek to an offset that is gone, earliest', {
  records: Array.from({ length: 15 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 5 ? 0 : index < 10 ? 2_000 : 20_000,
  })),
  settings: { 'auto.offset.reset': 'earliest' },
  listener: (consumer) => ({
    assigned: (partitions) => {
      for (const at of partitions) consumer.seek(at, 0n)
    },
  }),
})
