import {
  Consumer,
  MessagesStreamFallbackModes,
  MessagesStreamModes,
  stringDeserializers,
} from '@platformatic/kafka'
import { atLeastOnce, defineScenario } from 'onceover'

const EPOCH_MS = Date.UTC(2025, 0, 1)
const FIRST_MS = 120_000

/**
 * A group of KIP-848 that goes on from what it has committed, and from the end where there is
 * nothing. It commits where it begins before anything is written, so that there is always
 * something; what it is told while the group changes is another matter. Shape:
 * platformatic/kafka issue 267.
 */
export default defineScenario({
  name: 'F05 falls back to the end',
  topics: { scans: { partitions: 4 } },
  records: {
    scans: Array.from({ length: 16 }, (_, index) => ({
      value: JSON.stringify({ scan: index }),
      partition: index % 4,
      atMs: FIRST_MS + index * 2_000,
    })),
  },
  consumers: 2,
  faults: ['join', 'leave', 'graceful-restart', 'crash', 'answer-delayed', 'request-delayed'],
  guarantee: atLeastOnce({ allow: ['dead-consumer'] }),
  app: async (context) => {
    const consumer = new Consumer({
      clientId: context.instance,
      groupId: 'scans',
      groupProtocol: 'consumer',
      bootstrapBrokers: [...context.brokers],
      deserializers: stringDeserializers,
      autocommit: false,
    })
    const giveUp = (): void => process.exit(1)
    consumer.on('error', giveUp)
    let stopping = false
    process.once('SIGTERM', () => {
      stopping = true
      setTimeout(() => process.exit(1), 60_000)
      consumer.close(true).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    const stream = await consumer.consume({
      topics: ['scans'],
      mode: MessagesStreamModes.COMMITTED,
      fallbackMode: MessagesStreamFallbackModes.LATEST,
    })
    stream.once('error', () => stopping || giveUp())
    stream.once('close', () => stopping || giveUp())
    // Nothing is written yet: the group's place is the beginning, and from now on there is something committed.
    setTimeout(() => seed().catch(() => {}), 8_000)
    const seed = async (): Promise<void> => {
      const early = Date.now() < EPOCH_MS + FIRST_MS - 2_000
      if (!early || (await context.store.transaction((tx) => tx.get('group', 'seeded')))) return
      const offsets = [0, 1, 2, 3].map((partition) => ({
        topic: 'scans',
        partition,
        offset: 0n,
        leaderEpoch: -1,
      }))
      await consumer.commit({ offsets })
      await context.store.transaction((tx) => tx.put('group', 'seeded', true))
    }
    for await (const message of stream) {
      const { topic, partition, offset } = message
      await context.effects.record({ topic, partition, offset }, 'sorted')
      for (let attempt = 1; ; attempt += 1) {
        try {
          await message.commit()
          break
        } catch {
          if (attempt === 5) process.exit(1)
          await new Promise((resolve) => setTimeout(resolve, 1_000))
        }
      }
    }
  },
})
