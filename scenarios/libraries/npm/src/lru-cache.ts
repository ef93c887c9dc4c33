import { LRUCache } from 'lru-cache'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const seen = new LRUCache<string, true>({ max: 100, ttl: 60_000 })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const key = `${payload.partition}@${payload.message.offset}`
    if (seen.has(key)) return
    await effectOf(context, payload)
    seen.set(key, true)
  })
