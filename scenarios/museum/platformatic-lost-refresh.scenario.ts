import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consumer in a group of KIP-848 whose process ends with its stream. A member that has
 * been given partitions asks for their offsets before it reads; when that fails for good, the
 * stream neither tries again nor ends. The member keeps its partitions, sends its heartbeats, and
 * reads nothing.
 */
export default defineScenario({
  name: '@platformatic/kafka: a stream whose offsets could not be asked for reads nothing ever after',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce({ allow: ['duplicate-effect'] }),
  faults: ['crash', 'broker-down'],
  app: async (context) => {
    try {
      const stream = await streamOf(context, 'payments', { groupProtocol: 'consumer' })
      for await (const message of stream) {
        await context.effects.record(message, 'booked')
        await message.commit()
      }
    } finally {
      process.exit(1)
    }
  },
})
