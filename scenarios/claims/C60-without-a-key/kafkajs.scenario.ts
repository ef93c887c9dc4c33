import { Kafka, logLevel } from 'kafkajs'
import { ordersScenario } from '../../poll-loop/orders.ts'

/** A producer sends twelve records without a key to four partitions. */
export default ordersScenario('C60 no key, kafkajs', {
  records: 1,
  partitions: 4,
  beside: async ({ brokers, instance }) => {
    const producer = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    const messages = Array.from({ length: 12 }, (_, order) => ({ value: `order ${order}` }))
    await producer.send({ topic: 'orders', messages })
    await producer.disconnect()
  },
})
