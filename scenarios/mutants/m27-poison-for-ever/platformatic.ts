import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { tax } from './tax.ts'

/**
 * Ends at a record that can never succeed, and begins with it again: everything behind it waits for
 * ever.
 */
export default defineScenario({
  name: 'M27 on @platformatic/kafka: tax service retries a poison record for ever',
  topics: { taxes: { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) =>
    startStreamService(context, {
      group: 'taxes',
      topics: ['taxes'],
      handle: async (message) => {
        await tax(context, message, message.value)
        await message.commit()
      },
    }),
})
