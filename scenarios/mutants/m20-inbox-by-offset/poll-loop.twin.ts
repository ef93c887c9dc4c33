import { defineScenario, exactlyOnce } from 'onceover'
import { carts, shop } from './carts.ts'
import { deliveriesOfLoop } from './poll-loop-carts.ts'

/** The inbox knows orders by the cart that they came from, however often they were sent. */
export default defineScenario({
  ...carts,
  name: 'M20 twin on a poll loop: deliveries with an inbox by cart',
  apps: {
    shop: { main: shop },
    deliveries: {
      main: (context) => deliveriesOfLoop(context, ({ value }) => JSON.parse(String(value)).cart),
      processes: 2,
    },
  },
  guarantee: exactlyOnce(),
})
