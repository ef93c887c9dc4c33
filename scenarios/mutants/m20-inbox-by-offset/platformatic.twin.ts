import { defineScenario, exactlyOnce } from 'onceover'
import { carts, shop } from './carts.ts'
import { deliveriesOfStream } from './platformatic-carts.ts'

/** The inbox knows orders by the cart that they came from, however often they were sent. */
export default defineScenario({
  ...carts,
  name: 'M20 twin on @platformatic/kafka: deliveries with an inbox by cart',
  apps: {
    shop: { main: shop },
    deliveries: {
      main: (context) => deliveriesOfStream(context, ({ value }) => JSON.parse(value).cart),
      processes: 2,
    },
  },
  guarantee: exactlyOnce(),
})
