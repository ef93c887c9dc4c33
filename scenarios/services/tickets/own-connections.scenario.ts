import { ticketsScenario } from './scenario.ts'

export default ticketsScenario('tickets: a Redis connection for each request', './own-connections.ts')
