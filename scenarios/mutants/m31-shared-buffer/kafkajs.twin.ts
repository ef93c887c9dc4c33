import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

interface Line {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/**
 * Partitions are read concurrently, and each batch has its buffer, which is written before the
 * batch ends.
 */
export default defineScenario({
  name: 'M31 twin: ledger: a buffer for each batch',
  topics: { lines: { partitions: 2 } },
  records: { lines: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    return startService(context, {
      group: 'ledger',
      topics: ['lines'],
      run: () => ({
        partitionsConsumedConcurrently: 2,
        eachBatch: async ({ batch: { topic, partition, messages } }) => {
          const buffer: Line[] = []
          for (const { offset } of messages) buffer.push({ topic, partition, offset })

          for (const line of buffer.splice(0)) await context.effects.record(line, 'written')
        },
      }),
    })
  },
})
