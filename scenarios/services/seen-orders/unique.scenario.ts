import { seenOrdersScenario } from './scenario.ts'

export default seenOrdersScenario('orders: each once by a unique constraint', './unique.ts', { unique: true })
