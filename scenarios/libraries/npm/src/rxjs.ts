import type { AppContext } from 'onceover'
import { defer, lastValueFrom, retry, timeout } from 'rxjs'
import { consume, effectOf } from './consume.ts'

export default (context: AppContext) =>
  consume(context, (payload) =>
    lastValueFrom(defer(() => effectOf(context, payload)).pipe(timeout(30_000), retry({ count: 2, delay: 500 }))),
  )
