import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../../service.ts'

const RENDERING_MS = 20_000

/**
 * The pattern for long jobs: pause the partition, work in the background, commit, resume. When the
 * group rebalances meanwhile, the job commits a partition that is another's by then: kafkajs sends
 * the generation of the moment, and Kafka does not check the owner. The new owner's own commit
 * may be overwritten by it. At least once allows that, so that `strict` has to forbid it. Allowed
 * is what the pattern costs: a job that a rebalance or SIGTERM cuts short is done again, for a
 * while perhaps by two processes at once, and two processes that start together rebalance without
 * any fault.
 */
export default defineScenario({
  name: 'M10 report renderer commits after its partition has moved',
  topics: { reports: { partitions: 2 } },
  records: { reports: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ strict: true, allow: ['duplicate-effect', 'zombie-effect', 'shutdown-hang'] }),
  faults: ['crash', 'pause', 'rebalance', 'handler', 'store'],
  app: (context) =>
    startService(context, {
      group: 'renderer',
      topics: ['reports'],
      run: () => ({
        autoCommit: false,
        eachBatch: async ({ batch, pause, commitOffsetsIfNecessary }) => {
          const { topic, partition, messages } = batch
          const resume = pause()
          const renderAll = async (): Promise<void> => {
            for (const { offset } of messages) {
              await sleep(RENDERING_MS)
              await context.effects.record({ topic, partition, offset }, 'rendered')
            }
            const offset = next(batch.lastOffset())
            await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
          }
          renderAll().then(resume, () => process.exit(1))
        },
      }),
    }),
})
