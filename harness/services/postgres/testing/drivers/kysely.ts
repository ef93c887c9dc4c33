import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { consume, type RecordRow } from './consume.ts'

const pool = new pg.Pool({ connectionString: 'postgres://app:any@db:5432/shop', max: 3 })
pool.on('error', () => {})
const db = new Kysely<{ rows: RecordRow }>({ dialect: new PostgresDialect({ pool }) })

await consume(
  (row) =>
    db.transaction().execute(async (tx) => {
      await tx
        .insertInto('rows')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      await tx.selectFrom('rows').selectAll().execute()
    }),
  () => db.destroy(),
)
