import { atLeastOnce, defineScenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

const TRANSCODING_STEPS = 20
const STEP_MS = 2_000

/** Sends a heartbeat after each step of its work. */
export default defineScenario({
  name: 'M08 twin: transcoder sends heartbeats while it works',
  topics: { videos: { partitions: 1 } },
  records: { videos: [{ value: 'short' }, { value: 'long' }] },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'transcoder',
      topics: ['videos'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, heartbeat }) => {
          for (let step = 0; String(message.value) === 'long' && step < TRANSCODING_STEPS; step += 1) {
            await sleep(STEP_MS)
            await heartbeat()
          }
          await context.effects.record({ topic, partition, offset: message.offset }, 'transcoded')
        },
      }),
    }),
})
