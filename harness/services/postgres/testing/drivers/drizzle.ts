import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { consume } from './consume.ts'

const pool = new pg.Pool({ connectionString: 'postgres://app:any@db:5432/shop', max: 3 })
pool.on('error', () => {})
const db = drizzle(pool)
const rows = pgTable('rows', {
  topic: text('topic'),
  part: integer('part'),
  off: bigint('off', { mode: 'bigint' }),
})

await consume(
  ({ topic, part, off }) =>
    db.transaction(async (tx) => {
      await tx
        .insert(rows)
        .values({ topic, part, off: BigInt(off) })
        .onConflictDoNothing()
      await tx.execute(sql`select count(*) from rows`)
    }),
  () => pool.end(),
)
