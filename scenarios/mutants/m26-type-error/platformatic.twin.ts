import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** A malformed record is given up on purpose; and a loop that ends takes its process with it. */
export default defineScenario({
  name: 'M26 twin on @platformatic/kafka: profile sync skips a malformed record',
  topics: { profiles: { partitions: 1 } },
  records: { profiles: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'slow-handler', 'malformed-record'],
  app: (context) =>
    startStreamService(context, {
      group: 'profiles',
      topics: ['profiles'],
      handle: async (message) => {
        if (isProfile(message.value)) await context.effects.record(message, 'synced')
        else context.effects.skip(message, 'malformed')
        await message.commit()
      },
    }),
})

function isProfile(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
