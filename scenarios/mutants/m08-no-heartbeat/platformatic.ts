import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'
import { sleep } from '../../service.ts'

const TRANSCODING_MS = 70_000

/**
 * Works longer than its session of 60 s lasts; its client sends heartbeats by itself, so that this
 * is no defect.
 */
export default defineScenario({
  name: 'M08 on @platformatic/kafka: transcoder works longer than its session lasts',
  topics: { videos: { partitions: 1 } },
  records: { videos: [{ value: 'short' }, { value: 'long' }] },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'transcoder',
      topics: ['videos'],
      handle: async (message) => {
        if (message.value === 'long') await sleep(TRANSCODING_MS)
        await context.effects.record(message, 'transcoded')
        await message.commit()
      },
    }),
})
