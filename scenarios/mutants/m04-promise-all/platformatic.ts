import { atLeastOnce, defineScenario } from 'onceover'
import type { TextMessage } from '../../platformatic/messages.ts'
import { startStreamService } from '../../platformatic/service.ts'

const TOGETHER = 2
const LATEST_MS = 1_000

/**
 * Works on two records at a time, and commits each as its own work ends: a later one vouches for an
 * earlier one.
 */
export default defineScenario({
  name: 'M04 on @platformatic/kafka: thumbnailer commits inside Promise.all',
  topics: { images: { partitions: 1 } },
  records: { images: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    const waiting: TextMessage[] = []
    const render = async (): Promise<void> => {
      await Promise.all(
        waiting.splice(0).map(async (each) => {
          await context.effects.record(each, 'rendered')
          await each.commit()
        }),
      )
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
