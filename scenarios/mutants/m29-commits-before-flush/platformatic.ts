import { atLeastOnce, defineScenario } from 'onceover'
import type { TextMessage } from '../../platformatic/messages.ts'
import { startStreamService } from '../../platformatic/service.ts'

const FLUSH_AT = 3
const FLUSH_MS = 1_000

/** Collects records and writes them later, and commits what is only in memory. */
export default defineScenario({
  name: 'M29 on @platformatic/kafka: metrics writer commits before it flushes',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => {
    const buffer: TextMessage[] = []
    let writing = Promise.resolve()
    const writeAll = async (): Promise<void> => {
      for (const point of buffer.splice(0)) await context.effects.record(point, 'written')
    }
    const flush = (): Promise<void> => {
      writing = writing.then(writeAll).catch(() => process.exit(1))
      return writing
    }
    setInterval(flush, FLUSH_MS)
    return startStreamService(context, {
      group: 'metrics',
      topics: ['metrics'],
      handle: async (message) => {
        buffer.push(message)
        await message.commit()
        if (buffer.length >= FLUSH_AT) await flush()
      },
    })
  },
})
