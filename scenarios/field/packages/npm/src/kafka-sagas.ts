// A saga of one effect, as its README shows it. It asks for kafkajs 1.15.0; it is handed 2.2.4, which has the same calls.
import kafkajs from 'kafkajs'
import { TopicSagaConsumer } from 'kafka-sagas'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

interface SagaContext {
  readonly effects: { callFn(work: () => Promise<void>): unknown }
  readonly originalMessage: { readonly partition: number; readonly offset: string }
}

export default async function main(context: AppContext): Promise<void> {
  const kafka = new kafkajs.Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 })
  const consumer = new TopicSagaConsumer({
    kafka,
    topic: 'orders',
    *saga(_action: unknown, { effects, originalMessage }: SagaContext) {
      const { partition, offset } = originalMessage
      yield effects.callFn(() => context.effects.record({ topic: 'orders', partition, offset }))
    },
  })
  endOnSigterm(() => consumer.disconnect())
  await consumer.run()
}
