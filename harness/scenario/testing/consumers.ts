import { Kafka, logLevel } from 'kafkajs'
import type { AppContext } from '../../core/scenario.ts'

/** A correct consumer for the harness's own tests: reports each effect and waits for it. */
export async function reportingConsumer(context: AppContext): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'work-group' })
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
  await consumer.subscribe({ topics: ['work'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await context.effects.record({ topic, partition, offset: message.offset })
    },
  })
}
