import type { AppContext } from 'onceover'
import { monotonicFactory } from 'ulid'
import { consume, effectOf } from './consume.ts'

const ulid = monotonicFactory()

export default (context: AppContext) =>
  consume(context, (payload) => effectOf(context, payload, `saved as ${ulid()}`))
