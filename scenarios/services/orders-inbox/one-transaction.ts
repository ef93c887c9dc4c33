import pg from 'pg'
import { consumeOrders, type Order } from './consumer.ts'

/** The order and its row in the inbox are one transaction: both are there, or neither. */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 })
pool.on('error', () => {})

async function save({ orderId, item }: Order): Promise<void> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const noted = await client.query('insert into inbox (message_id) values ($1) on conflict do nothing', [
      orderId,
    ])
    if (noted.rowCount === 1)
      await client.query('insert into orders (order_id, item) values ($1, $2)', [orderId, item])
    await client.query('commit')
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    // A connection with an open transaction is no use to anybody else.
    client.release(broken)
  }
}

await consumeOrders(save, () => pool.end())
