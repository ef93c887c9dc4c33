import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Looks whether the record is in the ledger, and enters it if not; the table has no unique key.
 * Another owner may have entered it in between.
 */
export default defineScenario({
  name: 'M18 on @platformatic/kafka: deposits looked up, then entered',
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
        const known = await context.store.transaction((tx) => tx.get('ledger', id))
        if (known === undefined) {
          await context.store.transaction(async (tx) => {
            await tx.put('ledger', id, true)
            tx.effect(message, 'entered')
          })
        }
        await message.commit()
      },
    }),
})
