import type { AppContext } from 'onceover'
import { request } from 'undici'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, async (payload) => {
    await request('https://mail.example/send', { method: 'POST', body: payload.message.value })
    await effectOf(context, payload)
  })
