import { type AppContext, atLeastOnce, type Scenario } from 'onceover'
import { http } from 'onceover/http'
import { startService } from '../../service.ts'

const WAIT_MS = 20_000

/** A warehouse that takes parcels, and knows those that come again. */
const warehouse = http(async (request, { kept }) => {
  const id = await request.text()
  kept.set(id, true)
  return new Response(id, { status: 201 })
})

export const stock = {
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 5 },
  consumers: 2,
  services: { 'http://warehouse': warehouse },
  guarantee: atLeastOnce(),
} satisfies Partial<Scenario>

/**
 * Hands each parcel to the warehouse. Where that is refused, the partition waits for a while; a
 * rebalance ends the wait.
 */
export function startStock(context: AppContext, { resumes }: { readonly resumes: boolean }): Promise<void> {
  return startService(context, {
    group: 'stock',
    topics: ['parcels'],
    run: (consumer) => {
      const waits = new Map<number, NodeJS.Timeout>()
      const resume = (partition: number): void => {
        clearTimeout(waits.get(partition))
        waits.delete(partition)
        consumer.resume([{ topic: 'parcels', partitions: [partition] }])
      }
      consumer.on(consumer.events.GROUP_JOIN, () => {
        for (const [partition, timer] of waits) {
          clearTimeout(timer)
          if (resumes) resume(partition)
        }
        waits.clear()
      })
      return {
        eachMessage: async ({ topic, partition, pause, message: { offset } }) => {
          const body = `${topic}/${partition}@${offset}`
          const answer = await fetch('http://warehouse/parcels', { method: 'POST', body })
          await answer.text()
          if (answer.status !== 201) {
            pause()
            waits.set(partition, setTimeout(resume, WAIT_MS, partition))
            throw new Error(`the warehouse answered with ${answer.status}`)
          }
          await context.effects.record({ topic, partition, offset }, 'stored')
        },
      }
    },
  })
}
