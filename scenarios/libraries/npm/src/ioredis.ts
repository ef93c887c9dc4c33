import { Redis } from 'ioredis'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) => {
  const redis = new Redis('redis://cache:6379')
  return consume(context, async (payload) => {
    const fresh = await redis.set(`order-${payload.message.offset}`, '1', 'EX', 60, 'NX')
    if (fresh !== null) await effectOf(context, payload)
  })
}
