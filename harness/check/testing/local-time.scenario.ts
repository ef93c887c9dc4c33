import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from './app.ts'

/** Fails wherever the local time is not that of UTC. */
export default defineScenario({
  name: 'reads the local time',
  topics: { orders: { partitions: 1 } },
  records: { orders: 1 },
  consumers: 1,
  faults: ['crash'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const midnight = new Date('2025-06-01T00:00:00Z')
    if (midnight.getHours() !== 0 || midnight.toLocaleTimeString() !== '12:00:00 AM') process.exit(1)
    await orders(context, { commits: 'after' })
  },
})
