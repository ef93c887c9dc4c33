import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Logs the error and throws it on: kafkajs tries the record again. */
export default defineScenario({
  name: 'M06 twin: ledger lets errors through',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'ledger',
      topics: ['payments'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          try {
            await context.effects.record({ topic, partition, offset: message.offset }, 'booked')
          } catch (error) {
            console.error('could not book', error)
            throw error
          }
        },
      }),
    }),
})
