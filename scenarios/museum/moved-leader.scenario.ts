import { atLeastOnce, defineScenario } from 'onceover'
import { clientOf, consume } from './kafkajs.ts'

/**
 * Sends a mail for each sign-up of a batch, all in one send, to a topic whose partitions are led by
 * two brokers. See README.md, finding 18.
 */
export default defineScenario({
  name: 'kafkajs: a send to two brokers acknowledges what it sent to neither',
  topics: { signups: { partitions: 1 }, mails: { partitions: 2 } },
  records: { signups: ['ann', 'bob', 'cyd', 'dan'].map((name) => ({ key: name, value: name })) },
  consumers: 1,
  brokers: 2,
  broker: { 'default.replication.factor': 2 },
  guarantee: atLeastOnce({ outputs: ['mails'] }),
  app: async (context) => {
    const kafka = clientOf(context)
    const producer = kafka.producer()
    await producer.connect()
    await consume(kafka, {
      groupId: 'welcome',
      topic: 'signups',
      eachBatch: async ({ batch }) => {
        const messages = batch.messages.map(({ key, value }) => ({ key, value }))
        await producer.send({ topic: 'mails', messages })
      },
    })
  },
})
