import type { AppContext } from 'onceover'
import pRetry from 'p-retry'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, (payload) => pRetry(() => effectOf(context, payload), { retries: 3, randomize: true }))
