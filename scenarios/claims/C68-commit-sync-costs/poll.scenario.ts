import { ordersScenario } from '../../poll-loop/orders.ts'

/** Commits each poll, and waits. */
export default ordersScenario('C68 commitSync for each poll', { records: 40 })
