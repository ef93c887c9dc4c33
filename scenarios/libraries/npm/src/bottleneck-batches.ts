import Bottleneck from 'bottleneck'
import type { EachMessagePayload } from 'kafkajs'
import type { AppContext } from 'onceover'
import { consume, effectOf } from './consume.ts'

/** Rows are written in batches; a record is done when the batch that it is in is written. */
export default (context: AppContext) => {
  const written = new Map<EachMessagePayload, (error?: unknown) => void>()
  const batcher = new Bottleneck.Batcher({ maxSize: 3, maxTime: 100 })
  const limiter = new Bottleneck({ maxConcurrent: 1, minTime: 20 })
  batcher.on('batch', (batch: EachMessagePayload[]) => {
    const write = async (): Promise<void> => {
      for (const payload of batch) await effectOf(context, payload)
    }
    const settle = (error?: unknown): void => {
      for (const payload of batch) written.get(payload)?.(error)
    }
    limiter.schedule(write).then(() => settle(), settle)
  })
  return consume(
    context,
    (payload) =>
      new Promise((resolve, reject) => {
        written.set(payload, (error) => {
          written.delete(payload)
          if (error === undefined) resolve()
          else reject(error)
        })
        void batcher.add(payload)
      }),
  )
}
