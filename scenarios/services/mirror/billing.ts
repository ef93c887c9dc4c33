import { Kafka, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

/** Bills orders from the cluster in which they arrive as copies. */
export default async function billing({ effects }: AppContext): Promise<void> {
  const kafka = new Kafka({
    clientId: 'billing',
    brokers: (process.env['TARGET_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'billing' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: ({ topic, partition, message }) =>
      effects.record({ topic, partition, offset: message.offset }, 'bill'),
  })
}
