import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { always } from 'onceover/assert'

/** Claims what is not so, in the app and in the scenario. */
export default defineScenario({
  name: 'claims what is not so',
  topics: { clicks: { partitions: 1 } },
  records: { clicks: 3 },
  consumers: 1,
  guarantee: atLeastOnce(),
  invariants: {
    'nobody clicks twice': async ({ history }) => {
      const clicks = history.events.filter(({ kind }) => kind === 'handler-end')
      return clicks.length > 1 ? 'somebody did' : undefined
    },
  },
  app: async ({ brokers }) => {
    const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'clicks' })
    await consumer.connect()
    await consumer.subscribe({ topics: ['clicks'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ message }) => {
        always(message.offset === '0', 'one click only', { offset: message.offset })
      },
    })
  },
})
