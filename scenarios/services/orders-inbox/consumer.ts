import { Kafka, logLevel } from 'kafkajs'

export interface Order {
  readonly orderId: string
  readonly item: string
}

/** Gives each order of the topic to `save`; ends when asked to, and when its client gave up. */
export async function consumeOrders(
  save: (order: Order) => Promise<void>,
  close: () => Promise<void>,
): Promise<void> {
  const { KAFKA_BROKERS = '' } = process.env
  const kafka = new Kafka({
    clientId: 'orders',
    brokers: KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'orders' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await close()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      await save(JSON.parse(String(message.value)) as Order)
    },
  })
}
