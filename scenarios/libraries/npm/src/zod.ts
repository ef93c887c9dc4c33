import type { AppContext } from 'onceover'
import { z } from 'zod'
import { consume, effectOf } from './consume.ts'

const Order = z.object({ id: z.number() }).loose()

export default (context: AppContext) =>
  consume(context, async (payload) => {
    Order.parse(JSON.parse(String(payload.message.value)))
    await effectOf(context, payload)
  })
