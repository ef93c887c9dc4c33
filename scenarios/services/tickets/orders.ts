import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({
  clientId: 'tickets',
  brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
  logLevel: logLevel.NOTHING,
})
const consumer = kafka.consumer({ groupId: 'tickets' })
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
  eachMessage: async ({ message }) => {
    const { orderId }: { readonly orderId: string } = JSON.parse(String(message.value))
    const answer = await fetch(`${process.env['SHOP_URL']}/orders/${orderId}/seat`, {
      method: 'POST',
      signal: AbortSignal.timeout(10_000),
    })
    if (!answer.ok) throw new Error(`the shop answered with ${answer.status}`)
    await answer.json()
  },
})
