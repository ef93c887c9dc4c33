import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../../service.ts'

const RENDERING_MS = 20_000

/**
 * Remembers in which generation a job began, and commits only while that one lasts.
 * `consumer.commitOffsets` would not do: it tries a refused commit again, and then with whatever
 * generation is current.
 */
export default defineScenario({
  name: 'M10 twin: report renderer commits within its generation only',
  topics: { reports: { partitions: 2 } },
  records: { reports: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ strict: true, allow: ['duplicate-effect', 'zombie-effect', 'shutdown-hang'] }),
  faults: ['crash', 'pause', 'rebalance', 'handler', 'store'],
  app: (context) =>
    startService(context, {
      group: 'renderer',
      topics: ['reports'],
      run: (consumer) => {
        let joins = 0
        consumer.on(consumer.events.GROUP_JOIN, () => {
          joins += 1
        })
        return {
          autoCommit: false,
          eachBatch: async ({ batch, pause, commitOffsetsIfNecessary }) => {
            const { topic, partition, messages } = batch
            const joinsAtStart = joins
            const resume = pause()
            const renderAll = async (): Promise<void> => {
              for (const { offset } of messages) {
                await sleep(RENDERING_MS)
                await context.effects.record({ topic, partition, offset }, 'rendered')
              }
              if (joins !== joinsAtStart) return
              const offset = next(batch.lastOffset())
              await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
            }
            renderAll().then(resume, () => process.exit(1))
          },
        }
      },
    }),
})
