import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Remembers what it has done in memory: another process, or the next one, knows nothing of it. */
export default defineScenario({
  name: 'M14 on @platformatic/kafka: vouchers remembered in memory',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    const seen = new Set<string>()
    return startStreamService(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        if (!seen.has(id)) {
          await context.store.transaction(async (tx) => {
            tx.effect(message, 'credited')
          })
        }
        seen.add(id)
        await message.commit()
      },
    })
  },
})
