import { behindBreaker } from './breaker.ts'

/** Waits in the handler while the circuit is open. */
export default behindBreaker('C66 a circuit breaker: waits', 'waits')
