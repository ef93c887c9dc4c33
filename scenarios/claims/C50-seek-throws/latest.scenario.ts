import { ordersScenario } from '../../poll-loop/orders.ts'

/** Seeks behind the end of the log; policy latest. */
export default ordersScenario('C50 seek out of range, latest', {
  settings: { 'auto.offset.reset': 'latest' },
  listener: (consumer, { incarnation }) => ({
    assigned: (partitions) => {
      for (const at of partitions) consumer.seek(at, incarnation === 1 ? 1_000n : 0n)
    },
  }),
})
