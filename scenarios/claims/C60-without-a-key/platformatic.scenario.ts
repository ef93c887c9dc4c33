import { Producer, stringSerializers } from '@platformatic/kafka'
import { ordersScenario } from '../../poll-loop/orders.ts'

/** A producer sends twelve records without a key to four partitions. */
export default ordersScenario('C60 no key, @platformatic/kafka', {
  records: 1,
  partitions: 4,
  beside: async ({ brokers, instance }) => {
    const producer = new Producer({
      clientId: instance,
      bootstrapBrokers: [...brokers],
      serializers: stringSerializers,
    })
    const messages = Array.from({ length: 12 }, (_, order) => ({ topic: 'orders', value: `order ${order}` }))
    await producer.send({ messages })
    await producer.close()
  },
})
