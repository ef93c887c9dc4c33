import { atLeastOnce, defineScenario } from 'onceover'
import { clientOf, consume } from './kafkajs.ts'

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
  app: async (context) => {
    const kafka = clientOf(context)
    const admin = kafka.admin()
    await admin.connect()
    await admin.setOffsets({ groupId: 'view', topic: 'prices', partitions: [{ partition: 0, offset: '0' }] })
    await admin.disconnect()
    await consume(kafka, {
      groupId: 'view',
      topic: 'prices',
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'shown')
      },
    })
  },
})
