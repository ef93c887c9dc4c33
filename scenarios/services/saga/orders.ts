import pg from 'pg'
import { consume } from './kafka.ts'

export interface PaymentResult {
  readonly orderId: string
  readonly paid: boolean
}

/** The last step: settles orders by what the bank said, each in one transaction. */
export async function settleOrders(
  settle: (client: pg.PoolClient, result: PaymentResult) => Promise<void>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 })
  pool.on('error', () => {})
  await consume({
    group: 'orders',
    topic: 'payment-results',
    async handle(message) {
      const client = await pool.connect()
      let broken = false
      try {
        await client.query('begin')
        await settle(client, JSON.parse(message))
        await client.query('commit')
      } catch (error) {
        broken = true
        throw error
      } finally {
        // A connection with an open transaction is no use to anybody else.
        client.release(broken)
      }
    },
    close: () => pool.end(),
  })
}
