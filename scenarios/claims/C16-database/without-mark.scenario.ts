import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Writes into a database, and keeps no mark of what it has done. */
export default defineScenario({
  name: 'C16 a database without an inbox',
  topics: { transfers: { partitions: 2 } },
  records: { transfers: 6 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'wallet',
      topics: ['transfers'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          await context.store.transaction(async (tx) =>
            tx.effect({ topic, partition, offset }, 'transferred'),
          )
        },
      }),
    }),
})
