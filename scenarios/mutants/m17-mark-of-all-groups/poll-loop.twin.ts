import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Two groups, one in each process, mark what is done in one table, each under its own name. */
export default defineScenario({
  name: 'M17 twin on a poll loop: two groups and marks of each',
  topics: { signups: { partitions: 1 } },
  records: { signups: 3 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    const group = context.instance === 'consumer-0' ? 'mailer' : 'crm'
    return startPollLoop(context, {
      group,
      topics: ['signups'],
      handle: eachThenCommit(async (record) => {
        const id = `${group} ${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(record, 'done')
        })
      }),
    })
  },
})
