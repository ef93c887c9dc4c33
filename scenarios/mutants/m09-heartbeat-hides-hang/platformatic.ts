import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { bookCarrier } from '../../platformatic/shipping.ts'

/**
 * An HTTP client without a timeout: a call hangs for ever, and heartbeats tell the group that all
 * is well.
 */
export default defineScenario({
  name: 'M09 on @platformatic/kafka: shipping keeps its session while a call hangs',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 3 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'shipping',
      topics: ['parcels'],
      handle: async (message) => {
        await bookCarrier(context, message)
        await message.commit()
      },
    }),
})
