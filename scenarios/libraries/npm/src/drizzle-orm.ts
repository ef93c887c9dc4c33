import { drizzle } from 'drizzle-orm/node-postgres'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import type { AppContext } from 'onceover'
import pg from 'pg'
import { consume, effectOf } from './consume.ts'

const orders = pgTable('orders', { id: integer().primaryKey(), body: text() })

export default (context: AppContext) => {
  const db = drizzle({ client: new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 1 }) })
  return consume(context, async (payload) => {
    const body = String(payload.message.value)
    await db.insert(orders).values({ id: JSON.parse(body).id, body }).onConflictDoNothing()
    await effectOf(context, payload)
  })
}
