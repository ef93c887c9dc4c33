import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** A member of the classic protocol, and a canary of KIP-848 in the same group. */
export default defineScenario({
  name: 'C70 a canary with the new protocol',
  topics: { orders: { partitions: 2 } },
  records: { orders: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  effects: 'reported',
  faults: ['crash', 'network', 'store'],
  app: (context) =>
    startPollLoop(context, {
      group: 'orders',
      topics: ['orders'],
      settings: { 'group.protocol': context.instance === 'consumer-1' ? 'consumer' : 'classic' },
      handle: async (records, consumer) => {
        for (const record of records) await context.effects.record(record, 'saved')
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
