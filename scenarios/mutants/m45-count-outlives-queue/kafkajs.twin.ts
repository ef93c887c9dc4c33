import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

const WAITING_MAX = 2

/**
 * Back pressure: pauses while its queue is full. A rebalance empties the queue, and with it what
 * counts as waiting.
 */
export default defineScenario({
  name: 'M45 twin: transcoder counts what is in its queue',
  topics: { videos: { partitions: 2 } },
  records: { videos: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'videos',
      topics: ['videos'],
      run: (consumer) => {
        let queue: { topic: string; partition: number; offset: string }[] = []
        let working = false
        const full = () => queue.length >= WAITING_MAX
        const work = async (): Promise<void> => {
          if (working) return
          working = true
          for (let video = queue.shift(); video !== undefined; video = queue.shift()) {
            if (!full()) consumer.resume([{ topic: 'videos' }])
            await context.effects.record(video, 'transcoded')
            await consumer.commitOffsets([{ ...video, offset: next(video.offset) }])
          }
          working = false
        }
        consumer.on(consumer.events.REBALANCING, () => {
          queue = []
          consumer.resume([{ topic: 'videos' }])
        })
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            queue.push({ topic, partition, offset })
            if (full()) consumer.pause([{ topic }])
            work().catch(() => process.exit(1))
          },
        }
      },
    }),
})
