import { Kafka } from 'kafkajs'
import type { AppContext } from 'onceover'
import { saveOrder } from './orders.ts'

export default async function main({ instance, brokers, effects }: AppContext) {
  const consumer = new Kafka({ clientId: instance, brokers }).consumer({ groupId: 'billing' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      saveOrder(effects, { topic, partition, offset: message.offset })
    },
  })
}
