import pg from 'pg'
import { consumeOrders } from './consumer.ts'

/** Looks into the inbox, saves the order, and then notes that it did: three transactions. */
const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 })
pool.on('error', () => {})

await consumeOrders(
  async ({ orderId, item }) => {
    const { rowCount } = await pool.query('select 1 from inbox where message_id = $1', [orderId])
    if (rowCount === 1) return
    await pool.query('insert into orders (order_id, item) values ($1, $2)', [orderId, item])
    await pool.query('insert into inbox (message_id) values ($1) on conflict do nothing', [orderId])
  },
  () => pool.end(),
)
