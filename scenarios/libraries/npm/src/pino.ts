import type { AppContext } from 'onceover'
import { pino } from 'pino'
import { consume, effectOf } from './consume.ts'

const log = pino()

export default (context: AppContext) =>
  consume(context, async (payload) => {
    log.info({ offset: payload.message.offset }, 'an order')
    await effectOf(context, payload)
  })
