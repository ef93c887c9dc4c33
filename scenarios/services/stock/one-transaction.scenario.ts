import { stockScenario } from './scenario.ts'

export default stockScenario('stock: looks and takes in one transaction', './one-transaction.ts')
