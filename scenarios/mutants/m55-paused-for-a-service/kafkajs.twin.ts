import { defineScenario } from 'onceover'
import { startStock, stock } from './stock.ts'

/** Resumes at once what its timers were to resume. */
export default defineScenario({
  ...stock,
  name: 'M55 twin: parcels are resumed when a rebalance clears the timer of the pause',
  app: (context) => startStock(context, { resumes: true }),
})
