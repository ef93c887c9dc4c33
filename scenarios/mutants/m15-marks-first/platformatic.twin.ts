import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Marks a record as seen in the transaction that does it. */
export default defineScenario({
  name: 'M15 twin on @platformatic/kafka: badges marked with their effect',
  topics: { badges: { partitions: 1 } },
  records: { badges: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'badges',
      topics: ['badges'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(message, 'awarded')
        })
        await message.commit()
      },
    }),
})
