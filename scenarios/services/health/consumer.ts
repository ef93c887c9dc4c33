import express from 'express'
import { Kafka, logLevel } from 'kafkajs'

export interface Health {
  /** kafkajs has given up, and does not begin again by itself. */
  readonly gaveUp: boolean
}

/** Handles orders, and answers the watchdog on port 8080: /health, and /quit when it is to end. */
export async function serveOrders(isWell: (health: Health) => boolean): Promise<void> {
  let gaveUp = false
  const app = express()
  app.get('/health', (_, response) => {
    response.status(isWell({ gaveUp }) ? 200 : 503).end()
  })
  app.post('/quit', (_, response) => {
    response.status(202).end(() => process.exit(1))
  })
  app.listen(8080)
  const kafka = new Kafka({
    clientId: 'orders',
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'orders' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    gaveUp = !payload.restart
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      JSON.parse(String(message.value))
    },
  })
}
