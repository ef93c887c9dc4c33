import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

const FLUSH_AT = 3
const FLUSH_MS = 1_000

/** Collects records and writes them later; auto commit vouches for what is only in memory. */
export default defineScenario({
  name: 'M29 metrics writer commits before it flushes',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'metrics',
      topics: ['metrics'],
      run: () => {
        const buffer: { topic: string; partition: number; offset: string }[] = []
        let writing = Promise.resolve()
        const flush = (): Promise<void> => {
          writing = writing.then(writeAll).catch(() => process.exit(1))
          return writing
        }
        const writeAll = async (): Promise<void> => {
          for (const point of buffer.splice(0)) await context.effects.record(point, 'written')
        }
        setInterval(flush, FLUSH_MS)
        return {
          eachMessage: async ({ topic, partition, message }) => {
            buffer.push({ topic, partition, offset: message.offset })
            if (buffer.length >= FLUSH_AT) await flush()
          },
        }
      },
    }),
})
