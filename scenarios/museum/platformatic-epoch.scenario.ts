import { Producer, stringSerializers } from '@platformatic/kafka'
import { defineScenario, exactlyOnce } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consume-transform-produce service in a group of KIP-848. The client sends the
 * generation of a classic group with the offsets of a transaction, which is 0 in this protocol, and
 * not the member's epoch: each is refused.
 */
export default defineScenario({
  name: '@platformatic/kafka: no transaction takes offsets in a group of KIP-848',
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
      producerId: -1n,
      producerEpoch: -1,
    })
    try {
      const stream = await streamOf(context, 'payments', { groupProtocol: 'consumer' })
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
