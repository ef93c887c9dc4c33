import { atLeastOnce, defineScenario } from 'onceover'
import type { ConsumerRecord } from 'onceover/poll-loop'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Each poll has its buffer, which is written before its records are committed. */
export default defineScenario({
  name: 'M31 twin on a poll loop: ledger: a buffer for each poll',
  topics: { lines: { partitions: 2 } },
  records: { lines: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  effects: 'reported',
  app: (context) => {
    return startPollLoop(context, {
      group: 'ledger',
      topics: ['lines'],
      handle: async (records, consumer) => {
        if (records.isEmpty) return
        const buffer: ConsumerRecord[] = []
        for (const record of records) buffer.push(record)
        for (const line of buffer.splice(0)) await context.effects.record(line, 'written')
        await consumer.commitSync()
      },
    })
  },
})
