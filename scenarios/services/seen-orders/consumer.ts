import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'

interface Order {
  readonly orderId: string
  readonly item: string
}

/** Gives each order of the topic to `save`, in a transaction. */
export async function consumeOrders(
  save: (client: pg.PoolClient, order: Order) => Promise<void>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 2 })
  pool.on('error', () => {})
  const kafka = new Kafka({
    clientId: 'orders',
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'orders' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    await pool.end()
    process.exit(0)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      const client = await pool.connect()
      let broken = false
      try {
        await client.query('begin')
        await save(client, JSON.parse(String(message.value)))
        await client.query('commit')
      } catch (error) {
        broken = true
        throw error
      } finally {
        client.release(broken)
      }
    },
  })
}
