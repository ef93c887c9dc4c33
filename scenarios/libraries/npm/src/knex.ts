import Knex from 'knex'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) => {
  const knex = Knex({ client: 'pg', connection: process.env['DATABASE_URL'], pool: { min: 0, max: 1 } })
  return consume(context, async (payload) => {
    const body = String(payload.message.value)
    await knex('orders').insert({ id: JSON.parse(body).id, body }).onConflict('id').ignore()
    await effectOf(context, payload)
  })
}
