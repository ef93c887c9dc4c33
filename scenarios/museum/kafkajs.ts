import { type Consumer, type ConsumerRunConfig, Kafka, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

export function clientOf({ brokers, instance }: AppContext): Kafka {
  return new Kafka({ clientId: instance, brokers: [...brokers], logLevel: logLevel.NOTHING })
}

interface Consuming extends ConsumerRunConfig {
  readonly groupId: string
  readonly topic: string
}

/**
 * Consumes one topic from its beginning as kafkajs's documentation has it. A consumer that gives up
 * for good ends its process, so that another one takes its place.
 */
export async function consume(kafka: Kafka, { groupId, topic, ...run }: Consuming): Promise<void> {
  const consumer: Consumer = kafka.consumer({ groupId })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run(run)
}
