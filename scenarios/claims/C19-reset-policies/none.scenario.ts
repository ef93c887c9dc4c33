import { ordersScenario } from '../../poll-loop/orders.ts'

/** A new group with policy none: its first process ends, the next one seeks. */
export default ordersScenario('C19 a new group with none', {
  settings: { 'auto.offset.reset': 'none' },
  listener: (consumer, { incarnation }) => ({
    assigned: (partitions) => {
      if (incarnation > 1) for (const at of partitions) consumer.seek(at, 0n)
    },
  }),
})
