import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { bookCarrier } from '../../platformatic/shipping.ts'
import { sleep } from '../../service.ts'

const CALL_TIMEOUT_MS = 15_000

/** The call has a timeout: when its answer is lost the loop ends, and the record is tried again. */
export default defineScenario({
  name: 'M09 twin on @platformatic/kafka: shipping gives a hanging call up',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 3 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'shipping',
      topics: ['parcels'],
      handle: async (message) => {
        const late = sleep(CALL_TIMEOUT_MS).then(() => 'late')
        if ((await Promise.race([bookCarrier(context, message), late])) === 'late') {
          throw new Error('the carrier did not answer')
        }
        await message.commit()
      },
    }),
})
