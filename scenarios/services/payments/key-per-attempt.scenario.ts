import { paymentsScenario } from './scenario.ts'

/** A crash, a lost answer or a timeout after the charge, and the order is charged again. */
export default paymentsScenario('payments over HTTP: a key for each attempt', './key-per-attempt.ts')
