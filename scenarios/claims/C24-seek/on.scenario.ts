import { ordersScenario } from '../../poll-loop/orders.ts'

/** Begins at offset 6. */
export default ordersScenario('C24 seek on', {
  listener: (consumer) => ({
    assigned: (partitions) => {
      for (const at of partitions) consumer.seek(at, 6n)
    },
  }),
})
