import CircuitBreaker from 'opossum'
import type { AppContext } from 'onceover'
import { consume, effectOf, type Handle } from './consume.ts'

export default (context: AppContext) => {
  const breaker = new CircuitBreaker<Parameters<Handle>, void>((payload) => effectOf(context, payload), {
    timeout: 3_000,
    resetTimeout: 10_000,
  })
  return consume(context, (payload) => breaker.fire(payload))
}
