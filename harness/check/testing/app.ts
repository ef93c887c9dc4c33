import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import type { AppContext } from 'onceover'

/** Saves each order, which takes a while, and commits it afterwards, or before. */
export async function orders(
  context: AppContext,
  options: { readonly commits: 'before' | 'after' },
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
      if (options.commits === 'before') await consumer.commitOffsets(next)
      await sleep(1_000)
      await context.effects.record({ topic, partition, offset: message.offset }, 'saved')
      if (options.commits === 'after') await consumer.commitOffsets(next)
    },
  })
}
