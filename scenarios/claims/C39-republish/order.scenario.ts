import { atLeastOnce, defineScenario } from 'onceover'
import republishing from '../../field/c39-retry-with-counter.ts'

/** Republishes what failed; all records have one key, whose order is to be kept. */
export default defineScenario({
  ...republishing,
  name: 'C39 republished records, in the order of their key',
  records: {
    products: Array.from({ length: 3 }, (_, n) => ({
      key: 'p',
      value: JSON.stringify({ product: n, retryCount: 0 }),
    })),
  },
  guarantee: atLeastOnce({ order: 'key' }),
})
