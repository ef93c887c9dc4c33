import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../service.ts'

const COMMIT_EVERY = 3

/**
 * Commits by hand after every third record, and whatever is done when it leaves the batch: also
 * when a heartbeat says that the group rebalances, since the next owner would do those records
 * again.
 */
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
          const { topic, partition } = batch
          const done: string[] = []
          const commit = async (): Promise<void> => {
            const last = done.at(-1)
            if (last === undefined) return
            done.length = 0
            await commitOffsetsIfNecessary({
              topics: [{ topic, partitions: [{ partition, offset: next(last) }] }],
            })
          }
          try {
            for (const { offset } of batch.messages) {
              if (!isRunning()) break
              await context.effects.record({ topic, partition, offset }, 'written')
              resolveOffset(offset)
              done.push(offset)
              if (done.length === COMMIT_EVERY) await commit()
              await heartbeat()
            }
          } finally {
            await commit()
          }
        },
      }),
    }),
})
