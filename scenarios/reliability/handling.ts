import type { EachMessagePayload } from 'kafkajs'
import type { AppContext } from 'onceover'
import { startService } from '../service.ts'

export type Handle = (context: AppContext, payload: EachMessagePayload) => unknown

/** A well-written service around this handler. */
export const handling =
  (handle: Handle, group = 'g', topics = ['work']) =>
  (context: AppContext): Promise<void> =>
    startService(context, {
      group,
      topics,
      run: () => ({ eachMessage: async (payload) => void (await handle(context, payload)) }),
    })

export const target = ({ topic, partition, message: { offset } }: EachMessagePayload) => ({
  topic,
  partition,
  offset,
})

/** As JavaScript gives it, which asks for no type. */
export const untyped = (value: unknown): never => value as never
