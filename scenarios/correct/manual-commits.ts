import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../service.ts'

const COMMIT_EVERY = 3

/** Commits by hand after every third record of a partition and after the last one of what was fetched. */
export default defineScenario({
  name: 'audit trail: manual commits',
  topics: { logins: { partitions: 2 } },
  records: { logins: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'audit',
      topics: ['logins'],
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, commitOffsetsIfNecessary }) => {
          const { topic, partition, messages } = batch
          const commit = (offset: string): Promise<void> =>
            commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
          for (const [index, { offset }] of messages.entries()) {
            if (!isRunning()) break
            await context.effects.record({ topic, partition, offset }, 'written')
            resolveOffset(offset)
            const isLast = index === messages.length - 1
            if (isLast || (index + 1) % COMMIT_EVERY === 0) await commit(next(offset))
            await heartbeat()
          }
        },
      }),
    }),
})
