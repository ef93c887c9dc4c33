import type { AppContext } from 'onceover'
import winston from 'winston'
import { consume, effectOf } from './consume.ts'

const log = winston.createLogger({
  transports: [new winston.transports.Console(), new winston.transports.File({ filename: 'orders.log' })],
})

export default (context: AppContext) =>
  consume(context, async (payload) => {
    log.info('an order', { offset: payload.message.offset })
    await effectOf(context, payload)
  })
