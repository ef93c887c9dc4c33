import axios from 'axios'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, async (payload) => {
    await axios.post('https://mail.example/send', { order: String(payload.message.value) })
    await effectOf(context, payload)
  })
