import knex from 'knex'
import { consume } from './consume.ts'

const db = knex({ client: 'pg', connection: 'postgres://app:any@db:5432/shop', pool: { min: 0, max: 3 } })

await consume(
  (row) =>
    db.transaction(async (tx) => {
      await tx('rows')
        .insert({ ...row })
        .onConflict()
        .ignore()
      await tx('rows').count()
    }),
  () => db.destroy(),
)
