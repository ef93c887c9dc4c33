import NodeCache from 'node-cache'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const cache = new NodeCache({ stdTTL: 10, checkperiod: 2 })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const key = `${payload.partition}@${payload.message.offset}`
    if (cache.get(key) === true) return
    await effectOf(context, payload)
    cache.set(key, true)
  })
