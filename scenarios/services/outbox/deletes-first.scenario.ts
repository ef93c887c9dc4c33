import { outboxScenario } from './scenario.ts'

/** A relay that ends between the two has rows that nobody will ever send. */
export default outboxScenario('outbox: the relay deletes rows and then sends them', './deletes-first.ts')
