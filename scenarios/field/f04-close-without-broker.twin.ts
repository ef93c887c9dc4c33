// Tries again for ever when its broker is away, but ends in time when it is asked to.
// Shape: platformatic/kafka issue 408.
import {
  Consumer,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
  stringDeserializers,
} from '@platformatic/kafka'
import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'F04 twin: ends in time, whatever the brokers do',
  topics: { tickets: { partitions: 2 } },
  records: { tickets: 6 },
  consumers: 1,
  faults: ['broker-down', 'link-cut', 'graceful-restart', 'leave'],
  // What the client does when a commit or its offsets get no answer is told in the museum (11, 12).
  guarantee: atLeastOnce({ shutdownMs: 30_000, allow: ['duplicate-effect', 'stuck-partition'] }),
  app: async (context) => {
    const consumer = new Consumer({
      clientId: context.instance,
      groupId: 'tickets',
      bootstrapBrokers: [...context.brokers],
      deserializers: stringDeserializers,
      autocommit: false,
      retries: true,
      retryDelay: 3_000,
    })
    consumer.on('error', () => process.exit(1))
    const stream = await consumer.consume({
      topics: ['tickets'],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode: MessagesStreamFallbackModes.EARLIEST,
    })
    let stopping = false
    process.once('SIGTERM', () => {
      stopping = true
    })
    stream.once('error', () => stopping || process.exit(1))
    const reading = (async (): Promise<void> => {
      for await (const { topic, partition, offset, commit } of stream) {
        await context.effects.record({ topic, partition, offset }, 'printed')
        await commit()
      }
    })()
    reading.catch(() => stopping || process.exit(1))
    process.once('SIGTERM', () => {
      // Whatever the brokers do, this process is gone after twenty seconds.
      setTimeout(() => process.exit(1), 20_000)
      stream
        .close()
        .then(() => reading)
        .then(() => consumer.close(true))
        .then(() => process.exit(0))
    })
  },
})
