import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Remembers what it has done in memory: another process, or the next one, knows nothing of it. */
export default defineScenario({
  name: 'M14 vouchers remembered in memory',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    const seen = new Set<string>()
    return startService(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          if (seen.has(id)) return
          await context.store.transaction(async (tx) => {
            tx.effect({ topic, partition, offset }, 'credited')
          })
          seen.add(id)
        },
      }),
    })
  },
})
