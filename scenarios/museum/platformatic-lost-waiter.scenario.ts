import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consumer whose process ends with its loop. While the client joins again,
 * `message.commit()` waits; when a fetch fails for good meanwhile, the stream is destroyed and the
 * commit never settles. The loop waits for it for ever, and the member goes on sending heartbeats.
 */
export default defineScenario({
  name: '@platformatic/kafka: a commit that waits when its stream ends never settles',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['disconnect-before', 'link-cut', 'broker-down'],
  app: async (context) => {
    try {
      const stream = await streamOf(context, 'payments', { endsWithStream: false })
      for await (const message of stream) {
        await context.effects.record(message, 'booked')
        await message.commit()
      }
    } finally {
      process.exit(1)
    }
  },
})
