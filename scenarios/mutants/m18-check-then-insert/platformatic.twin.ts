import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Enters a record unless the ledger has it, in one transaction, as a unique key would. */
export default defineScenario({
  name: 'M18 twin on @platformatic/kafka: deposits entered once',
  topics: { deposits: { partitions: 1 } },
  records: { deposits: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'ledger',
      topics: ['deposits'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('ledger', id)) !== undefined) return
          await tx.put('ledger', id, true)
          tx.effect(message, 'entered')
        })
        await message.commit()
      },
    }),
})
