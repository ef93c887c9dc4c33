import { Producer } from 'onceover/poll-loop'
import { ordersScenario } from '../../poll-loop/orders.ts'

/** A producer sends twelve records without a key to four partitions. */
export default ordersScenario('C60 no key, poll loop', {
  records: 1,
  partitions: 4,
  beside: async ({ brokers }) => {
    const producer = new Producer({ 'bootstrap.servers': brokers })
    await Promise.all(
      Array.from({ length: 12 }, (_, order) => producer.send({ topic: 'orders', value: `order ${order}` })),
    )
    await producer.close()
  },
})
