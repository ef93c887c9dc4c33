import { defineScenario, exactlyOnce } from 'onceover'
import { carts, shop } from './carts.ts'
import { deliveriesOfLoop } from './poll-loop-carts.ts'

/** The inbox knows orders by their place in the log: one that was sent twice has two. */
export default defineScenario({
  ...carts,
  name: 'M20 on a poll loop: deliveries with an inbox by offset',
  apps: {
    shop: { main: shop },
    deliveries: {
      main: (context) => deliveriesOfLoop(context, ({ offset }) => String(offset)),
      processes: 2,
    },
  },
  guarantee: exactlyOnce(),
})
