import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { Waiting } from '../../platformatic/waiting.ts'

const FLUSH_AT = 3
const FLUSH_MS = 1_000

/** Commits what it has written, and nothing else. */
export default defineScenario({
  name: 'M29 twin on @platformatic/kafka: metrics writer flushes before it commits',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => {
    const buffer = new Waiting()
    const writeAll = async (): Promise<void> => {
      for (const point of [...buffer.messages]) {
        await context.effects.record(point, 'written')
        await point.commit()
        buffer.finish([point])
      }
    }
    let writing = Promise.resolve()
    const flush = (): Promise<void> => {
      writing = writing.then(writeAll).catch(() => process.exit(1))
      return writing
    }
    setInterval(flush, FLUSH_MS)
    return startStreamService(context, {
      group: 'metrics',
      topics: ['metrics'],
      remembers: false,
      handle: async (message) => {
        await buffer.take(message)
        if (buffer.messages.length >= FLUSH_AT) await flush()
      },
    })
  },
})
