import { Kafka, logLevel } from 'kafkajs'
import type { AppContext, EffectTarget } from 'onceover'

export const IN_STOCK = 3

/** Reserves one piece for each order of the topic, as long as there are any. */
export async function consumeOrders(
  context: AppContext,
  reserve: (order: EffectTarget) => Promise<void>,
): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'stock' })
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
    eachMessage: ({ topic, partition, message }) => reserve({ topic, partition, offset: message.offset }),
  })
}
