import { DateTime } from 'luxon'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, (payload) =>
    effectOf(context, payload, `at ${DateTime.now().setZone('Europe/Berlin').toLocaleString(DateTime.DATETIME_FULL)}`),
  )
