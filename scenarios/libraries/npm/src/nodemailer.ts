import nodemailer from 'nodemailer'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) => {
  const mail = nodemailer.createTransport({ host: 'smtp.example', port: 587 })
  return consume(context, async (payload) => {
    await mail.sendMail({ from: 'a@example', to: 'b@example', text: String(payload.message.value) })
    await effectOf(context, payload)
  })
}
