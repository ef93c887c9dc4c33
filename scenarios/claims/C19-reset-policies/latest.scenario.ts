import { ordersScenario } from '../../poll-loop/orders.ts'

/** A new group that begins at the end. */
export default ordersScenario('C19 a new group with latest', { settings: { 'auto.offset.reset': 'latest' } })
