import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

const WAIT_MS = 5_000

/**
 * Waits with a partition whose record failed: pauses it, and resumes it by a timer, or as soon as a
 * rebalance takes it away: kafkajs keeps a pause over rebalances.
 */
export default defineScenario({
  name: 'M40 twin: parcel tracker resumes what it had paused',
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
          consumer.resume([{ topic: 'parcels' }])
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
