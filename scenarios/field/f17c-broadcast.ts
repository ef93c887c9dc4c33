import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Every instance keeps all prices in memory: a random group for each start, which reads the
 * topic from its beginning: correct, as long as it reads all. Shape: FraunhoferISST/diva issue
 * 44, kafkajs issue 827, Apicurio/apicurio-registry pull request 7787.
 */
export default defineScenario({
  name: 'F17c every start reads all, in a group of its own',
  topics: { prices: { partitions: 2 } },
  records: {
    prices: Array.from({ length: 10 }, (_, index) => ({
      key: `item-${index % 4}`,
      value: JSON.stringify({ price: index }),
      atMs: 20_000 + index * 4_000,
    })),
  },
  consumers: 2,
  faults: ['crash', 'rebalance'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: `prices-${randomUUID()}` })
    supervise(consumer)
    const prices = new Map<string, string>()
    await consumer.connect()
    await consumer.subscribe({ topic: 'prices', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        prices.set(String(message.key), String(message.value))
        await context.effects.record(
          { topic, partition, offset: message.offset },
          `known to ${context.instance}`,
        )
      },
    })
  },
})
