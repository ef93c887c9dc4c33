import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Two groups, one in each process, mark what is done in one table, under the same name: what one
 * has done the other leaves out.
 */
export default defineScenario({
  name: 'M17 on @platformatic/kafka: two groups and marks of both',
  topics: { signups: { partitions: 1 } },
  records: { signups: 3 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    const group = context.instance === 'consumer-0' ? 'mailer' : 'crm'
    return startStreamService(context, {
      group,
      topics: ['signups'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(message, 'done')
        })
        await message.commit()
      },
    })
  },
})
