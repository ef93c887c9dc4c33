import { defineScenario } from 'onceover'
import { startStock, stock } from './stock.ts'

/** Clears its timers when the group rebalances, and leaves paused what they were to resume. */
export default defineScenario({
  ...stock,
  name: 'M55 parcels: a service refuses one, and a rebalance clears the timer of the pause',
  app: (context) => startStock(context, { resumes: false }),
})
