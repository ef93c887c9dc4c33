import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Remembers what it has done in its database, in the transaction that does it. */
export default defineScenario({
  name: 'M14 twin: vouchers remembered in the database',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    return startService(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`

          await context.store.transaction(async (tx) => {
            if ((await tx.get('seen', id)) !== undefined) return
            await tx.put('seen', id, true)
            tx.effect({ topic, partition, offset }, 'credited')
          })
        },
      }),
    })
  },
})
