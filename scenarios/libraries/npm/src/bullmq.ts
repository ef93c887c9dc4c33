import { Queue } from 'bullmq'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) => {
  const jobs = new Queue('mails', { connection: { host: 'redis', port: 6379 } })
  return consume(context, async (payload) => {
    await jobs.add('mail', { order: String(payload.message.value) })
    await effectOf(context, payload)
  })
}
