import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../service.ts'

const WAITING_MAX = 2
const WORK_MS = 200

/**
 * Back pressure: records wait in a queue for a slow worker, and the partitions are paused while the
 * queue is full. Nothing is committed before the worker is done with it and with all before it.
 */
export default defineScenario({
  name: 'image resizer: pause and resume as back pressure',
  topics: { images: { partitions: 2 } },
  records: { images: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'resizer',
      topics: ['images'],
      run: (consumer) => {
        const topics = [{ topic: 'images' }]
        let waiting = 0
        let work = Promise.resolve()
        const resize = async (topic: string, partition: number, offset: string): Promise<void> => {
          await sleep(WORK_MS)
          await context.effects.record({ topic, partition, offset }, 'resized')
          await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
          waiting -= 1
          if (waiting < WAITING_MAX) consumer.resume(topics)
        }
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            waiting += 1
            if (waiting >= WAITING_MAX) consumer.pause(topics)
            work = work.then(() => resize(topic, partition, message.offset)).catch(() => process.exit(1))
          },
        }
      },
    }),
})
