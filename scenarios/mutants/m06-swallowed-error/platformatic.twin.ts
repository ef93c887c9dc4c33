import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Logs the error and throws it on: the loop ends, the process is started again, and reads the
 * record again.
 */
export default defineScenario({
  name: 'M06 twin on @platformatic/kafka: ledger lets errors through',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'ledger',
      topics: ['payments'],
      handle: async (message) => {
        try {
          await context.effects.record(message, 'booked')
        } catch (error) {
          console.error('could not book', error)
          throw error
        }
        await message.commit()
      },
    }),
})
