import { ordersScenario } from './scenario.ts'

/** A crash or a lost answer between the order and the inbox, and the order is saved again. */
export default ordersScenario(
  'orders in PostgreSQL: inbox in a transaction of its own',
  './two-transactions.ts',
)
