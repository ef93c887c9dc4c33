import { relaysScenario } from './scenario.ts'

export default relaysScenario('relays: each takes the first row of orders', './first-of-each.ts')
