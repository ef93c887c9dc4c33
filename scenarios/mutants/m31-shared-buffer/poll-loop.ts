import { atLeastOnce, defineScenario } from 'onceover'
import type { ConsumerRecord } from 'onceover/poll-loop'
import { startPollLoop } from '../../poll-loop/service.ts'

/**
 * Two partitions share a buffer, which is written once it is full: what waits there is committed
 * with the position of its partition.
 */
export default defineScenario({
  name: 'M31 on a poll loop: ledger: a buffer that two partitions share',
  topics: { lines: { partitions: 2 } },
  records: { lines: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  effects: 'reported',
  app: (context) => {
    const buffer: ConsumerRecord[] = []
    return startPollLoop(context, {
      group: 'ledger',
      topics: ['lines'],
      handle: async (records, consumer) => {
        if (records.isEmpty) return
        for (const record of records) buffer.push(record)
        if (buffer.length < 4) return consumer.commitSync()
        for (const line of buffer.splice(0)) await context.effects.record(line, 'written')
        await consumer.commitSync()
      },
    })
  },
})
