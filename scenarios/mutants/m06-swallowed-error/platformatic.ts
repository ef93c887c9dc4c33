import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Logs the error and commits nevertheless. */
export default defineScenario({
  name: 'M06 on @platformatic/kafka: ledger swallows errors',
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
        }
        await message.commit()
      },
    }),
})
