import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * A malformed record is a SyntaxError, which ends the loop; somebody only logs it, and the process
 * lives on.
 */
export default defineScenario({
  name: 'M26 on @platformatic/kafka: profile sync dies of a malformed record',
  topics: { profiles: { partitions: 1 } },
  records: { profiles: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'slow-handler', 'malformed-record'],
  app: (context) =>
    startStreamService(context, {
      group: 'profiles',
      commitsAgain: true,
      topics: ['profiles'],
      onGivenUp: () => {},
      handle: async (message) => {
        JSON.parse(message.value)
        await context.effects.record(message, 'synced')
        await message.commit()
      },
    }),
})
