import { nanoid } from 'nanoid'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, (payload) => effectOf(context, payload, `saved as ${nanoid()}`))
