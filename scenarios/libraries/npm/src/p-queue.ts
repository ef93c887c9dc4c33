import type { AppContext } from 'onceover'
import PQueue from 'p-queue'
import { consume, effectOf } from './consume.ts'

const queue = new PQueue({ concurrency: 2, timeout: 60_000 })

export default (context: AppContext) =>
  consume(context, (payload) => queue.add(() => effectOf(context, payload)))
