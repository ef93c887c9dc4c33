import { ordersScenario, sleep } from '../../poll-loop/orders.ts'

/** Waits for all records, then begins 35 s after the first of them. */
export default ordersScenario('C26 from a time on', {
  records: Array.from({ length: 8 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index * 10_000,
  })),
  listener: (consumer) => ({
    assigned: async (partitions) => {
      const [first] = await consumer.offsetsForTimes(partitions.map((at) => ({ ...at, timestamp: 0n })))
      await sleep(80_000)
      const timestamp = (first?.timestamp ?? 0n) + 35_000n
      const found = await consumer.offsetsForTimes(partitions.map((at) => ({ ...at, timestamp })))
      for (const at of found) if (at.offset !== null) consumer.seek(at, at.offset)
    },
  }),
})
