import type { AppContext } from 'onceover'
import { DataSource, EntitySchema } from 'typeorm'
import { consume, effectOf } from './consume.ts'

const Order = new EntitySchema<{ id: number; body: string }>({
  name: 'orders',
  columns: { id: { type: Number, primary: true }, body: { type: String } },
})

export default async (context: AppContext) => {
  const source = new DataSource({
    type: 'postgres',
    url: process.env['DATABASE_URL'],
    entities: [Order],
    poolSize: 1,
  })
  await source.initialize()
  await consume(context, async (payload) => {
    const body = String(payload.message.value)
    await source.getRepository(Order).upsert({ id: JSON.parse(body).id, body }, ['id'])
    await effectOf(context, payload)
  })
}
