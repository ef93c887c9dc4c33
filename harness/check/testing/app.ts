import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, type KafkaMessage, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

interface OrdersOptions {
  readonly commits: 'before' | 'after'
  /** Default: a second passes, and it is saved. */
  readonly handle?: (message: KafkaMessage, save: () => Promise<void>) => Promise<void>
}

/** Handles each order, which is to save it, and commits it afterwards, or before. */
export async function orders(
  context: AppContext,
  { commits, handle = slowly }: OrdersOptions,
): Promise<void> {
  const kafka = new Kafka({
    clientId: context.instance,
    brokers: context.brokers,
    logLevel: logLevel.NOTHING,
  })
  const consumer = kafka.consumer({ groupId: 'billing' })
  process.once('SIGTERM', () => consumer.disconnect().then(() => process.exit(0)))
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ topic, partition, message }) => {
      const next = [{ topic, partition, offset: (BigInt(message.offset) + 1n).toString() }]
      if (commits === 'before') await consumer.commitOffsets(next)
      await handle(message, () =>
        context.effects.record({ topic, partition, offset: message.offset }, 'saved'),
      )
      if (commits === 'after') await consumer.commitOffsets(next)
    },
  })
}

async function slowly(_message: KafkaMessage, save: () => Promise<void>): Promise<void> {
  await sleep(1_000)
  await save()
}
