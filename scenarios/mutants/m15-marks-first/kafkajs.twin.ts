import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Marks a record as seen in the transaction that does it. */
export default defineScenario({
  name: 'M15 twin: badges marked with their effect',
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
          const done = await context.store.transaction(async (tx) => {
            if ((await tx.get('seen', id)) !== undefined) return false
            await tx.put('seen', id, true)
            tx.effect({ topic, partition, offset }, 'awarded')
            return true
          })
          if (!done) console.log(`${id} is done already`)
        },
      }),
    }),
})
