import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../service.ts'

const FLUSH_AT = 3
const FLUSH_MS = 1_000

/** Commits what it has written, and nothing else; when it can't, it ends, and what was in memory is read again. */
export default defineScenario({
  name: 'M29 twin: metrics writer flushes before it commits',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'metrics',
      topics: ['metrics'],
      run: (consumer) => {
        const buffer: { topic: string; partition: number; offset: string }[] = []
        let writing = Promise.resolve()
        const flush = (): Promise<void> => {
          writing = writing.then(writeAll).catch(() => process.exit(1))
          return writing
        }
        const writeAll = async (): Promise<void> => {
          for (const point of buffer.splice(0)) {
            await context.effects.record(point, 'written')
            await consumer.commitOffsets([{ ...point, offset: next(point.offset) }])
          }
        }
        setInterval(flush, FLUSH_MS)
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            buffer.push({ topic, partition, offset: message.offset })
            if (buffer.length >= FLUSH_AT) await flush()
          },
        }
      },
    }),
})
