import { Kafka } from 'kafkajs'
import type { AppContext } from 'onceover'
import { saveOrder } from './orders.ts'

export default async function main(context: AppContext): Promise<void> {
  const kafka = new Kafka({ clientId: context.instance, brokers: context.brokers })
  const consumer = kafka.consumer({ groupId: 'billing' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      saveOrder(context, { topic, partition, offset: message.offset })
    },
  })
}
