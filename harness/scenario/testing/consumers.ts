import { Kafka, logLevel } from 'kafkajs'
import type { AppContext, EffectTarget } from '../../core/scenario.ts'

/**
 * A correct consumer of `work` around this handler: ends when its client has given up, and in order
 * on SIGTERM.
 */
export function handling(
  handler: (record: EffectTarget, context: AppContext) => unknown,
): (context: AppContext) => Promise<void> {
  return async (context) => {
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
        await handler({ topic, partition, offset: message.offset }, context)
      },
    })
  }
}

/** A correct consumer for the harness's own tests: reports each effect and waits for it. */
export const reportingConsumer = handling((record, { effects }) => effects.record(record))
