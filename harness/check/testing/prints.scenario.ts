import { Kafka } from 'kafkajs'
import { type AppContext, atLeastOnce, defineScenario } from 'onceover'

/** Prints as services do, and can't save its second order. */
async function app({ brokers }: AppContext): Promise<void> {
  const consumer = new Kafka({ brokers }).consumer({ groupId: 'billing' })
  process.stdout.write('\u001b[32mstar')
  process.stdout.write('ted\u001b[0m\n')
  await consumer.connect()
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => {
      if (message.offset === '1') failToSave()
      console.error('saved', { offset: message.offset })
    },
  })
}

function failToSave(): never {
  throw new RangeError('no such order')
}

export default defineScenario({
  name: 'prints',
  topics: { orders: { partitions: 1 } },
  records: { orders: 2 },
  consumers: 1,
  effects: 'handlers',
  guarantee: atLeastOnce(),
  app,
})
