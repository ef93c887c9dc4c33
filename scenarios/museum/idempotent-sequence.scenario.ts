import { atLeastOnce, defineScenario } from 'onceover'
import { clientOf, consume } from './kafkajs.ts'

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
  app: async (context) => {
    const kafka = clientOf(context)
    const producer = kafka.producer({ idempotent: true })
    await producer.connect()
    await consume(kafka, {
      groupId: 'welcome',
      topic: 'signups',
      eachBatch: async ({ batch }) => {
        const mails = batch.messages.map(({ key, value }) =>
          producer.send({ topic: 'mails', messages: [{ key, value }] }),
        )
        await Promise.all(mails)
      },
    })
  },
})
