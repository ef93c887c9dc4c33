import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

const FLUSH_AT = 3
const FLUSH_MS = 1_000

/** Collects records and writes them later; auto commit vouches for what is only in memory. */
export default defineScenario({
  name: 'M29 metrics writer commits before it flushes',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    const buffer: { topic: string; partition: number; offset: string }[] = []
    const flush = async (): Promise<void> => {
      for (const target of buffer.splice(0)) await context.effects.record(target, 'written')
    }
    setInterval(flush, FLUSH_MS)
    return startService(context, {
      group: 'metrics',
      topics: ['metrics'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          buffer.push({ topic, partition, offset: message.offset })
          if (buffer.length >= FLUSH_AT) await flush()
        },
      }),
    })
  },
})
