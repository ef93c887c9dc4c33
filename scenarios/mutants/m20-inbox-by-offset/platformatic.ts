import { defineScenario, exactlyOnce } from 'onceover'
import { carts, shop } from './carts.ts'
import { deliveriesOfStream } from './platformatic-carts.ts'

/** The inbox knows orders by their place in the log: one that was sent twice has two. */
export default defineScenario({
  ...carts,
  name: 'M20 on @platformatic/kafka: deliveries with an inbox by offset',
  apps: {
    shop: { main: shop },
    deliveries: {
      main: (context) => deliveriesOfStream(context, ({ offset }) => String(offset)),
      processes: 2,
    },
  },
  guarantee: exactlyOnce(),
})
