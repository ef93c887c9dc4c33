import { Kafka, logLevel } from 'kafkajs'
import pg from 'pg'

interface OrderStatus {
  readonly orderId: string
  readonly status: string
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 })
pool.on('error', () => {})

/** A status of an order, and the event that tells of it, are rows of one transaction. */
async function save({ orderId, status }: OrderStatus): Promise<void> {
  const client = await pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const added = await client.query(
      'insert into orders (order_id, status) values ($1, $2) on conflict do nothing',
      [orderId, status],
    )
    if (added.rowCount === 1)
      await client.query('insert into outbox (order_id, status) values ($1, $2)', [orderId, status])
    await client.query('commit')
  } catch (error) {
    broken = true
    throw error
  } finally {
    client.release(broken)
  }
}

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
await consumer.run({ eachMessage: async ({ message }) => save(JSON.parse(String(message.value))) })
