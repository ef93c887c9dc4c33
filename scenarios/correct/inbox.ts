import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../service.ts'

/**
 * The inbox: an effect and the row that says that it is done are one transaction, so that a
 * redelivery finds the row. It holds for two owners at once and for zombies too, since one of two
 * transactions conflicts and is tried again.
 */
export default defineScenario({
  name: 'wallet: inbox in the same transaction',
  topics: { transfers: { partitions: 2 } },
  records: { transfers: 6 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'wallet',
      topics: ['transfers'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const { offset } = message
          const id = `${topic}/${partition}@${offset}`
          await context.store.transaction(async (tx) => {
            if ((await tx.get('inbox', id)) !== undefined) return
            await tx.put('inbox', id, true)
            tx.effect({ topic, partition, offset }, 'transferred')
          })
        },
      }),
    }),
})
