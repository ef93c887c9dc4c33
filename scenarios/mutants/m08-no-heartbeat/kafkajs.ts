import { atLeastOnce, defineScenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

const TRANSCODING_MS = 40_000

/**
 * Works longer than its session lasts, without a heartbeat: it is expelled, and the record is done
 * again, for ever.
 */
export default defineScenario({
  name: 'M08 transcoder sends no heartbeat while it works',
  topics: { videos: { partitions: 1 } },
  records: { videos: [{ value: 'short' }, { value: 'long' }] },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'transcoder',
      topics: ['videos'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          if (String(message.value) === 'long') await sleep(TRANSCODING_MS)
          await context.effects.record({ topic, partition, offset: message.offset }, 'transcoded')
        },
      }),
    }),
})
