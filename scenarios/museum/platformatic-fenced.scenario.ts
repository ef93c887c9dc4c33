import { Producer, stringSerializers } from '@platformatic/kafka'
import { defineScenario, exactlyOnce } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consume-transform-produce service. The client's InitProducerId says that it is producer
 * 0 of epoch 0 (and not −1, nobody yet), so that the coordinator takes the second start of the same
 * transactional id for a zombie, each time.
 */
export default defineScenario({
  name: '@platformatic/kafka: a transactional id that is used again is fenced',
  topics: { payments: { partitions: 1 }, receipts: { partitions: 1 } },
  records: { payments: 2 },
  consumers: 1,
  guarantee: exactlyOnce({ outputs: ['receipts'] }),
  faults: ['crash'],
  app: async (context) => {
    const producer = new Producer({
      clientId: context.instance,
      bootstrapBrokers: [...context.brokers],
      serializers: stringSerializers,
      idempotent: true,
      transactionalId: context.instance,
    })
    try {
      const stream = await streamOf(context, 'payments')
      for await (const message of stream) {
        const transaction = await producer.beginTransaction()
        await transaction.send({ messages: [{ topic: 'receipts', value: String(message.value) }] })
        await transaction.addConsumer(stream.consumer)
        await transaction.addOffset(message)
        await transaction.commit()
      }
    } finally {
      process.exit(1)
    }
  },
})
