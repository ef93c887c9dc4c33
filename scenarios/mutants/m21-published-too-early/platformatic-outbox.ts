import { ProduceAcks } from '@platformatic/kafka'
import { textProducer } from '../../platformatic/producer.ts'
import { startStreamService } from '../../platformatic/service.ts'
import { EVENTS, type OutboxClient } from './outbox.ts'

export const platformatic: OutboxClient = {
  takeOrders: (context, take) =>
    startStreamService(context, {
      group: 'orders',
      topics: ['orders'],
      handle: async (message) => {
        const { topic, partition, offset, value } = message
        await take({ topic, partition, offset: String(offset), value })
        await message.commit()
      },
    }),
  async sender(context) {
    const producer = textProducer(context)
    return (value) => producer.send({ acks: ProduceAcks.ALL, messages: [{ topic: EVENTS, value }] })
  },
}
