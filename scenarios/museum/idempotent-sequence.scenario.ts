import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * Sends a mail for each sign-up of a batch, all at once, with an idempotent producer, and ends the
 * batch when each send has been acknowledged. See README.md, finding 16.
 */
export default defineScenario({
  name: 'kafkajs: an idempotent producer acknowledges what was never written',
  topics: { signups: { partitions: 1 }, mails: { partitions: 1 } },
  records: { signups: [{ value: 'ann' }, { value: 'bob' }] },
  consumers: 1,
  guarantee: atLeastOnce({ outputs: ['mails'] }),
  app: async ({ brokers, instance }) => {
    const kafka = new Kafka({ clientId: instance, brokers: [...brokers], logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'welcome' })
    const producer = kafka.producer({ idempotent: true })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    await producer.connect()
    await consumer.connect()
    await consumer.subscribe({ topics: ['signups'], fromBeginning: true })
    await consumer.run({
      eachBatch: async ({ batch }) => {
        const mails = batch.messages.map(({ key, value }) =>
          producer.send({ topic: 'mails', messages: [{ key, value }] }),
        )
        await Promise.all(mails)
      },
    })
  },
})
