import type { AppContext } from 'onceover'
import PQueue from 'p-queue'
import { consume, effectOf } from './consume.ts'

/** Made when the module is loaded, as a package's own state is: each process must begin with none. */
const lanes = new Map<number, PQueue>()
let handled = 0

export default (context: AppContext) =>
  consume(context, async (payload) => {
    const lane = lanes.get(payload.partition) ?? new PQueue({ concurrency: 1, intervalCap: 2, interval: 50 })
    lanes.set(payload.partition, lane)
    const work = lane.add(async () => {
      handled += 1
      await effectOf(context, payload, `effect ${handled} of this process`)
    })
    await Promise.all([work, lane.onIdle()])
  })
