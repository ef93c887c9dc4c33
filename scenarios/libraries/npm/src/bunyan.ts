import bunyan from 'bunyan'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const log = bunyan.createLogger({ name: 'orders', src: true })

export default (context: AppContext) =>
  consume(context, async (payload) => {
    log.info({ offset: payload.message.offset }, 'an order')
    await effectOf(context, payload)
  })
