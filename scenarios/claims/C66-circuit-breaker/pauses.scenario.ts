import { behindBreaker } from './breaker.ts'

/** Pauses the partition while the circuit is open. */
export default behindBreaker('C66 a circuit breaker: pauses', 'pauses')
