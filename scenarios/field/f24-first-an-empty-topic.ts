import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { endWhenGivenUp } from './supervise.ts'

/**
 * Correct: reads its settings from a topic that is empty today, and when it is in that group,
 * its orders.
 */
export default defineScenario({
  name: 'F24 an empty topic first',
  topics: { settings: { partitions: 1 }, orders: { partitions: 2 } },
  records: { orders: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const settings = kafka.consumer({ groupId: `settings-${context.instance}` })
    const orders = kafka.consumer({ groupId: 'orders' })
    for (const consumer of [settings, orders]) endWhenGivenUp(consumer)
    process.once('SIGTERM', () => {
      Promise.all([settings.disconnect(), orders.disconnect()]).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    await settings.connect()
    await settings.subscribe({ topic: 'settings', fromBeginning: true })
    const joined = new Promise((resolve) => settings.on(settings.events.GROUP_JOIN, resolve))
    await settings.run({ eachMessage: async () => {} })
    await joined
    await orders.connect()
    await orders.subscribe({ topic: 'orders', fromBeginning: true })
    await orders.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'shipped')
      },
    })
  },
})
