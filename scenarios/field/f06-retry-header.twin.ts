import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

const ATTEMPTS_MAX = 5

/**
 * Gives a record up after five attempts, counted where a restart does not forget them. Shape:
 * nestjs/docs.nestjs.com issue 3308 (the documented exception filter).
 */
export default defineScenario({
  name: 'F06 twin: attempts are counted',
  topics: { signups: { partitions: 2 } },
  records: { signups: 6 },
  consumers: 2,
  // A record that fails each time it is tried has to be asked for.
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'welcome' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'signups', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        const target = { topic, partition, offset: message.offset }
        try {
          JSON.parse(String(message.value))
          await context.effects.record(target, 'welcomed')
        } catch (error) {
          const id = `${topic}/${partition}@${message.offset}`
          const attempt = await context.store.transaction(async (tx) => {
            const before = Number((await tx.get('attempts', id)) ?? 0)
            await tx.put('attempts', id, before + 1)
            return before
          })
          if (attempt + 1 < ATTEMPTS_MAX) throw error
          context.effects.skip(target, 'given up')
        }
      },
    })
  },
})
