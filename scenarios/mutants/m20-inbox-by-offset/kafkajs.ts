import { defineScenario, exactlyOnce } from 'onceover'
import { carts, deliveries, shop } from './carts.ts'

/** The inbox knows orders by their place in the log: one that was sent twice has two. */
export default defineScenario({
  ...carts,
  name: 'M20 deliveries with an inbox by offset',
  apps: {
    shop: { main: shop },
    deliveries: { main: (context) => deliveries(context, ({ offset }) => offset), processes: 2 },
  },
  guarantee: exactlyOnce(),
})
