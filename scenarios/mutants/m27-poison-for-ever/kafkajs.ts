import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'
import { tax } from './tax.ts'

/** Tries a record again that can never succeed: everything behind it waits for ever. */
export default defineScenario({
  name: 'M27 tax service retries a poison record for ever',
  topics: { taxes: { partitions: 1 } },
  records: { taxes: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'taxes',
      topics: ['taxes'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const { value, offset } = message
          await tax(context, { topic, partition, offset }, value)
        },
      }),
    }),
})
