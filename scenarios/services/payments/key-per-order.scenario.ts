import { paymentsScenario } from './scenario.ts'

export default paymentsScenario('payments over HTTP: a key for each order', './key-per-order.ts')
