import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

const WAITING_MAX = 2

/**
 * Back pressure: pauses while its queue is full, and counts what waits. A rebalance empties the
 * queue and not the count: the process takes itself to be full for ever.
 */
export default defineScenario({
  name: 'M45 transcoder: a count outlives its queue',
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
        let waiting = 0
        let working = false
        const full = () => waiting >= WAITING_MAX
        const work = async (): Promise<void> => {
          if (working) return
          working = true
          for (let video = queue.shift(); video !== undefined; video = queue.shift()) {
            waiting -= 1
            if (!full()) consumer.resume([{ topic: 'videos' }])
            await context.effects.record(video, 'transcoded')
            await consumer.commitOffsets([{ ...video, offset: next(video.offset) }])
          }
          working = false
        }
        consumer.on(consumer.events.REBALANCING, () => {
          queue = []
        })
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            queue.push({ topic, partition, offset })
            waiting += 1
            if (full()) consumer.pause([{ topic }])
            work().catch(() => process.exit(1))
          },
        }
      },
    }),
})
