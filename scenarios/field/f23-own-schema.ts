import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Correct: takes its own records and no others. A partition that is added comes with a record
 * that nobody here would write.
 */
export default defineScenario({
  name: 'F23 records of its own shape',
  topics: { payments: { partitions: 2 } },
  records: {
    payments: Array.from({ length: 6 }, (_, index) => ({
      key: `account-${index % 3}`,
      value: JSON.stringify({ amount: 100 + index, currency: 'EUR' }),
    })),
  },
  consumers: 2,
  faults: ['rebalance'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'ledger' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'payments', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const { amount } = JSON.parse(String(message.value))
        if (!Number.isInteger(amount)) throw new Error('not a payment')
        await context.effects.record({ topic, partition, offset: message.offset }, 'booked')
      },
    })
  },
})
