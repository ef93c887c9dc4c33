import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService, type TextMessage } from './service.ts'

const TOGETHER = 2
const LATEST_MS = 1_000

/** Works in parallel, and commits in order once all of it is done. */
export default defineScenario({
  name: 'M04 twin on @platformatic/kafka: thumbnailer commits once all is done',
  topics: { images: { partitions: 1 } },
  records: { images: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    const waiting: TextMessage[] = []
    const render = async (): Promise<void> => {
      const together = waiting.splice(0)
      await Promise.all(together.map((each) => context.effects.record(each, 'rendered')))
      for (const each of together) await each.commit()
    }
    setInterval(() => void render().catch(() => process.exit(1)), LATEST_MS)
    return startStreamService(context, {
      group: 'thumbnails',
      topics: ['images'],
      handle: async (message) => {
        waiting.push(message)
        if (waiting.length >= TOGETHER) await render()
      },
    })
  },
})
