import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Looks whether the record is in the ledger, and enters it if not; the table has no unique key.
 * Another owner may have entered it in between.
 */
export default defineScenario({
  name: 'M18 deposits looked up, then entered',
  topics: { deposits: { partitions: 1 } },
  records: { deposits: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'ledger',
      topics: ['deposits'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          const known = await context.store.transaction((tx) => tx.get('ledger', id))
          if (known !== undefined) return
          await context.store.transaction(async (tx) => {
            await tx.put('ledger', id, true)
            tx.effect({ topic, partition, offset }, 'entered')
          })
        },
      }),
    }),
})
