import type { AppContext } from 'onceover'
import { next, sleep, startService } from '../../service.ts'

const IN_FLIGHT_MAX = 2
const BACKOFF_MS = 5_000

interface Parcel {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/**
 * Works on parcels beside the poll loop, and pauses its topic while too many are in flight. A
 * parcel that fails is tried again later, as long as the generation is the one that it came in.
 */
export function startFulfilment(
  context: AppContext,
  { resetsOnRebalance }: { readonly resetsOnRebalance: boolean },
): Promise<void> {
  return startService(context, {
    group: 'fulfilment',
    topics: ['parcels'],
    run: (consumer) => {
      let generation = 0
      let inFlight = 0
      const last = new Map<number, Promise<void>>()
      consumer.on(consumer.events.REBALANCING, () => {
        generation += 1
        last.clear()
        if (!resetsOnRebalance) return
        inFlight = 0
        consumer.resume([{ topic: 'parcels' }])
      })
      const work = async (parcel: Parcel, of: number): Promise<void> => {
        while (of === generation) {
          try {
            await context.effects.record(parcel, 'sent off')
            break
          } catch {
            await sleep(BACKOFF_MS)
          }
        }
        // It is another member's now, and comes again.
        if (of !== generation) return
        await consumer.commitOffsets([{ ...parcel, offset: next(parcel.offset) }])
        inFlight -= 1
        consumer.resume([{ topic: 'parcels' }])
      }
      return {
        autoCommit: false,
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          inFlight += 1
          if (inFlight >= IN_FLIGHT_MAX) consumer.pause([{ topic }])
          const before = last.get(partition) ?? Promise.resolve()
          const of = generation
          const done = before.then(() => work({ topic, partition, offset }, of))
          last.set(partition, done)
          done.catch(() => process.exit(1))
        },
      }
    },
  })
}
