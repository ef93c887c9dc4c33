// As its README shows it, with a dead-letter topic.
import {
  CreateKTTopic,
  KafkaClientId,
  KafkaTopicName,
  KTHandler,
  KTMessageQueue,
} from '@awesomeniko/kafka-trail'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const quiet = { child: () => quiet, debug() {}, error() {}, fatal() {}, info() {}, trace() {}, warn() {} }
  const queue = new KTMessageQueue({ ctx: () => ({ logger: quiet }) })
  const { BaseTopic: Orders } = CreateKTTopic<{ id: number }>({
    topic: KafkaTopicName.fromString('orders'),
    numPartitions: 2,
    batchMessageSizeToConsume: 10,
    createDLQ: true,
  })
  queue.registerHandlers([
    KTHandler({
      topic: Orders,
      run: async () => {
        await context.effects.record()
      },
    }),
  ])
  const kafkaSettings = {
    brokerUrls: [...context.brokers],
    clientId: KafkaClientId.fromString(context.instance),
    connectionTimeout: 30_000,
  }
  endOnSigterm(() => queue.destroyAll())
  await queue.initProducer({ kafkaSettings, pureConfig: {} })
  await queue.initConsumer({ kafkaSettings: { ...kafkaSettings, consumerGroupId: 'orders' }, pureConfig: {} })
}
