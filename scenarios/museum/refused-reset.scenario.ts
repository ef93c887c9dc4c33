import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * Rebuilds its view at each start: sets its group back to the beginning, then consumes. See
 * README.md, finding 17.
 */
export default defineScenario({
  name: 'kafkajs: setOffsets() never settles where its commit is refused',
  topics: { prices: { partitions: 1 } },
  records: { prices: 2 },
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['request-error'],
  app: async ({ brokers, instance, effects }) => {
    const kafka = new Kafka({ clientId: instance, brokers: [...brokers], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.setOffsets({ groupId: 'view', topic: 'prices', partitions: [{ partition: 0, offset: '0' }] })
    await admin.disconnect()
    const consumer = kafka.consumer({ groupId: 'view' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: ['prices'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await effects.record({ topic, partition, offset: message.offset }, 'shown')
      },
    })
  },
})
