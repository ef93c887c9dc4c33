import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Marks a record as seen, as SET NX does, and then does it: what fails in between is never done.
 */
export default defineScenario({
  name: 'M15 badges marked before they are done',
  topics: { badges: { partitions: 1 } },
  records: { badges: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'badges',
      topics: ['badges'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          const isNew = await context.store.transaction(async (tx) => {
            if ((await tx.get('seen', id)) !== undefined) return false
            await tx.put('seen', id, true)

            return true
          })
          if (isNew) await context.effects.record({ topic, partition, offset }, 'awarded')
        },
      }),
    }),
})
