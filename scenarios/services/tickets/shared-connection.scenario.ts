import { ticketsScenario } from './scenario.ts'

/** Two orders at a time, of two processes, and no fault at all. */
export default ticketsScenario('tickets: one Redis connection for all requests', './shared-connection.ts')
