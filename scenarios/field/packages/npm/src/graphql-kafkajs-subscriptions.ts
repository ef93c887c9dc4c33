// KafkaPubSub: one server, one subscriber.
import { KafkaPubSub } from 'graphql-kafkajs-subscriptions'
import { Kafka } from 'kafkajs'
import type { AppContext } from 'onceover'

export default async function main(context: AppContext): Promise<void> {
  const pubsub = await KafkaPubSub.create({
    topic: 'events',
    kafka: new Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 }),
    groupIdPrefix: 'server',
    producerConfig: {},
    consumerConfig: {},
  })
  await pubsub.subscribe('events', () => {})
}
