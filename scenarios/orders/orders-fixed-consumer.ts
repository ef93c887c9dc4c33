import { Kafka } from 'kafkajs'
import type { AppContext } from 'onceover'
import { saveOrder } from './orders.ts'

export default async function main({ instance, brokers, effects }: AppContext) {
  const consumer = new Kafka({ clientId: instance, brokers }).consumer({ groupId: 'billing' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', () => consumer.disconnect().finally(() => process.exit(0)))
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await saveOrder(effects, { topic, partition, offset: message.offset })
    },
  })
}
