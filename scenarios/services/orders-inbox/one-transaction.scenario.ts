import { ordersScenario } from './scenario.ts'

export default ordersScenario('orders in PostgreSQL: inbox in the same transaction', './one-transaction.ts')
