import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

interface Line {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/**
 * Partitions are read concurrently, and share a buffer: a batch ends while its records wait there
 * for those of another partition.
 */
export default defineScenario({
  name: 'M31 ledger: a buffer that two partitions share',
  topics: { lines: { partitions: 2 } },
  records: { lines: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    const buffer: Line[] = []
    return startService(context, {
      group: 'ledger',
      topics: ['lines'],
      run: () => ({
        partitionsConsumedConcurrently: 2,
        eachBatch: async ({ batch: { topic, partition, messages } }) => {
          for (const { offset } of messages) buffer.push({ topic, partition, offset })
          if (buffer.length < 4) return
          for (const line of buffer.splice(0)) await context.effects.record(line, 'written')
        },
      }),
    })
  },
})
