import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../platformatic/service.ts'
import { saveOrder } from './orders.ts'

/** Waits for its database, and then commits by itself. */
export default defineScenario({
  name: 'orders consumer on @platformatic/kafka, fixed',
  topics: { orders: { partitions: 2 } },
  records: { orders: 12 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'billing',
      topics: ['orders'],
      handle: async (message) => {
        await saveOrder(context.effects, message)
        await message.commit()
      },
    }),
})
