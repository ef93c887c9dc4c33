import got from 'got'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, async (payload) => {
    await got.post('https://mail.example/send', { json: { order: String(payload.message.value) } })
    await effectOf(context, payload)
  })
