import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { Waiting } from '../../platformatic/waiting.ts'

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
    const waiting = new Waiting()
    const renderAll = async (): Promise<void> => {
      const together = [...waiting.messages]
      await Promise.all(together.map((each) => context.effects.record(each, 'rendered')))
      for (const each of together) await each.commit()
      waiting.finish(together)
    }
    let rendering = Promise.resolve()
    const render = (): Promise<void> => {
      rendering = rendering.then(renderAll).catch(() => process.exit(1))
      return rendering
    }
    setInterval(render, LATEST_MS)
    return startStreamService(context, {
      group: 'thumbnails',
      topics: ['images'],
      remembers: false,
      handle: async (message) => {
        await waiting.take(message)
        if (waiting.messages.length >= TOGETHER) await render()
      },
    })
  },
})
