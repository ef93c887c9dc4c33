import Bottleneck from 'bottleneck'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

const limiter = new Bottleneck({ maxConcurrent: 2, minTime: 50 })

export default (context: AppContext) =>
  consume(context, (payload) => limiter.schedule(() => effectOf(context, payload)))
