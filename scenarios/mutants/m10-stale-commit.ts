import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../service.ts'

const RENDERING_MS = 5_000

/**
 * Works in the background and commits when it is done, whoever owns the partition by then: kafkajs sends the commit with
 * the generation of the moment, and Kafka does not ask who owns what. `strict` forbids it.
 */
export default defineScenario({
  name: 'M10 report renderer commits after its partition has moved',
  topics: { reports: { partitions: 2 } },
  records: { reports: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ strict: true, allow: ['commit-ahead', 'lost-record'] }),
  faults: ['join'],
  app: (context) =>
    startService(context, {
      group: 'renderer',
      topics: ['reports'],
      run: (consumer) => {
        /** One record of a partition after the other. */
        const queues = new Map<number, Promise<void>>()
        const render = async (topic: string, partition: number, offset: string): Promise<void> => {
          await sleep(RENDERING_MS)
          await context.effects.record({ topic, partition, offset }, 'rendered')
          await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
        }
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            const before = queues.get(partition) ?? Promise.resolve()
            queues.set(
              partition,
              before.then(() => render(topic, partition, message.offset)).catch(() => {}),
            )
          },
        }
      },
    }),
})
