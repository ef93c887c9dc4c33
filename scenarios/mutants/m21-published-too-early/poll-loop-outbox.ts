import { Producer } from 'onceover/poll-loop'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'
import { EVENTS, type OutboxClient } from './outbox.ts'

export const pollLoop: OutboxClient = {
  takeOrders: (context, take) =>
    startPollLoop(context, {
      group: 'orders',
      topics: ['orders'],
      handle: eachThenCommit(({ topic, partition, offset, value }) =>
        take({ topic, partition, offset: String(offset), value: String(value) }),
      ),
    }),
  async sender({ brokers }) {
    const producer = new Producer({ 'bootstrap.servers': brokers, acks: 'all' })
    return (value) => producer.send({ topic: EVENTS, value })
  },
}
