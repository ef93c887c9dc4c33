import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Remembers what it has done in its database, in the transaction that does it. */
export default defineScenario({
  name: 'M14 twin on @platformatic/kafka: vouchers remembered in the database',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(message, 'credited')
        })
        await message.commit()
      },
    }),
})
