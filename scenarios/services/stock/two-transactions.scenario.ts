import { stockScenario } from './scenario.ts'

/** Two processes that see the last piece both take it. */
export default stockScenario('stock: looks and takes in two transactions', './two-transactions.ts')
