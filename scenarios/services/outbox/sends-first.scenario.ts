import { outboxScenario } from './scenario.ts'

export default outboxScenario('outbox: the relay sends rows and then deletes them', './sends-first.ts')
