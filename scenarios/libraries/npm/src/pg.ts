import type { AppContext } from 'onceover'
import pg from 'pg'
import { consume, effectOf } from './consume.ts'

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 1 })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const body = String(payload.message.value)
    await pool.query('insert into orders values ($1, $2) on conflict do nothing', [JSON.parse(body).id, body])
    await effectOf(context, payload)
  })
