import { seenOrdersScenario } from './scenario.ts'

/** Under READ COMMITTED neither of two transactions sees what the other one is about to insert. */
export default seenOrdersScenario('orders: looks whether it is there, and inserts it', './looks-first.ts')
