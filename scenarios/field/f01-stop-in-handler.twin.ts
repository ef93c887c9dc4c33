import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * A job that takes a few records and ends, and lets its handler return before it does. Shape:
 * kafkajs issues 903 and 1168.
 */
export default defineScenario({
  name: 'F01 twin: job returns, then ends',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 8 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'invoicing' })
    supervise(consumer)
    let done = 0
    await consumer.connect()
    await consumer.subscribe({ topic: 'invoices', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'invoiced')
        done += 1
        if (done === 4) {
          // Not awaited: the consumer waits for this handler.
          consumer.disconnect().then(
            () => process.exit(0),
            () => process.exit(1),
          )
        }
      },
    })
  },
})
