import { type EachMessagePayload, Kafka, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

export type Handle = (payload: EachMessagePayload) => Promise<void>

/** An ordinary kafkajs consumer of `orders`; what a library is used for is in its handler. */
export async function consume(context: AppContext, handle: Handle): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: [...context.brokers],
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'orders' })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  process.once('SIGTERM', () => {
    consumer.disconnect().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({ eachMessage: handle })
}

/** The effect of the record, once the library has done its part. */
export function effectOf(
  context: AppContext,
  { topic, partition, message }: EachMessagePayload,
  label?: string,
): Promise<void> {
  return context.effects.record({ topic, partition, offset: message.offset }, label)
}
