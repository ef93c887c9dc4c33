import { behindBreaker } from './breaker.ts'

/** Leaves records out while the circuit is open. */
export default behindBreaker('C66 a circuit breaker: skips', 'leaves out')
