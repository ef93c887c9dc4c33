// As its README shows it: what fails waits in a retry topic, by default for five seconds.
import { Kafka } from 'kafkajs'
import retrying from 'kafkajs-async-retry'
import type { AppContext } from 'onceover'
import { endOnSigterm } from './ends.ts'

export default async function main(context: AppContext): Promise<void> {
  const kafka = new Kafka({ brokers: [...context.brokers], clientId: context.instance, logLevel: 0 })
  const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId: 'orders' })]
  const AsyncRetryHelper = retrying.default
  const helper = new AsyncRetryHelper({ producer, groupId: 'orders', maxRetries: 1 })
  endOnSigterm(() => Promise.all([consumer.disconnect(), producer.disconnect()]))
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  await producer.connect()
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders', ...helper.retryTopics], fromBeginning: true })
  const failed = new Set()
  await consumer.run({
    eachMessage: helper.eachMessage(async ({ message, isRetry }) => {
      const order = JSON.parse(message.value)
      // One order fails in its first attempt.
      if (order.id === 2 && !isRetry && !failed.has(order.id)) {
        failed.add(order.id)
        throw new Error('not now')
      }
      await context.effects.record()
    }),
  })
}
