import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

const WAIT_MS = 5_000

/**
 * Waits with a partition whose record failed: pauses it, and resumes it by a timer, which a
 * rebalance clears. kafkajs keeps a pause over rebalances: a partition that comes back stays
 * paused.
 */
export default defineScenario({
  name: 'M40 parcel tracker: a pause outlives the rebalance',
  topics: { parcels: { partitions: 2 } },
  records: { parcels: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'parcels',
      topics: ['parcels'],
      run: (consumer) => {
        const waiting = new Map<number, NodeJS.Timeout>()
        consumer.on(consumer.events.REBALANCING, () => {
          for (const timer of waiting.values()) clearTimeout(timer)
          waiting.clear()
        })
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            try {
              await context.effects.record({ topic, partition, offset }, 'tracked')
            } catch {
              const paused = [{ topic, partitions: [partition] }]
              consumer.pause(paused)
              consumer.seek({ topic, partition, offset })
              waiting.set(
                partition,
                setTimeout(() => consumer.resume(paused), WAIT_MS),
              )
              return
            }
            await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
          },
        }
      },
    }),
})
