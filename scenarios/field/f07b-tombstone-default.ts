import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * An index of addresses, on a compacted topic: a tombstone has no value, and its handler takes
 * it for a string. Shape: elastic/apm-agent-nodejs issue 3980, KanishJebaMathewM/Truxify issue
 * 10730.
 */
export default defineScenario({
  name: 'F07b the same, with the records that a count gives',
  topics: { addresses: { partitions: 1, configs: { 'cleanup.policy': 'compact' } } },
  records: {
    addresses: 6,
  },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'index' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'addresses', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const change = JSON.parse((message.value as Buffer).toString())
        console.log(String(message.key), change.city ?? 'moved')
        await context.effects.record({ topic, partition, offset: message.offset }, 'indexed')
      },
    })
  },
})
