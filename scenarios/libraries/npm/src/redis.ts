import type { AppContext } from 'onceover'
import { createClient } from 'redis'
import { consume, effectOf } from './consume.ts'

export default async (context: AppContext) => {
  const client = createClient({ url: 'redis://cache:6379' })
  client.on('error', () => {})
  await client.connect()
  await consume(context, async (payload) => {
    await client.set(`order-${payload.message.offset}`, '1')
    await effectOf(context, payload)
  })
}
