import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Enters a record unless the ledger has it, in one transaction, as a unique key would. */
export default defineScenario({
  name: 'M18 twin: deposits entered once',
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
          await context.store.transaction(async (tx) => {
            if ((await tx.get('ledger', id)) !== undefined) return
            await tx.put('ledger', id, true)
            tx.effect({ topic, partition, offset }, 'entered')
          })
        },
      }),
    }),
})
