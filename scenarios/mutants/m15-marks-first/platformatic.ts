import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Marks a record as seen, as SET NX does, and then does it: what fails in between is never done.
 */
export default defineScenario({
  name: 'M15 on @platformatic/kafka: badges marked before they are done',
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
        const isNew = await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return false
          await tx.put('seen', id, true)
          return true
        })
        if (isNew) await context.effects.record(message, 'awarded')
        await message.commit()
      },
    }),
})
