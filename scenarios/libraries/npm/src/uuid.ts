import type { AppContext } from 'onceover'
import { v1, v4, v7 } from 'uuid'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, (payload) => effectOf(context, payload, `saved as ${v1()} ${v4()} ${v7()}`))
