import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

const RELAY_EVERY_MS = 200
const LEASE_MS = 120_000
interface Row {
  readonly partition: number
  readonly offset: string
  readonly state: 'pending' | 'published'
  readonly until?: number
}

/**
 * A transactional outbox whose relay runs in every replica, and claims its rows for a while
 * before it sends them. Shape: KanishJebaMathewM/Truxify issue 14680.
 */
export default defineScenario({
  name: 'F03 twin: relays claim their rows',
  topics: { trips: { partitions: 2 }, 'trip-events': { partitions: 1 } },
  records: { trips: 12 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'trips' })
    const producer = kafka.producer()
    const { store, effects } = context
    supervise(consumer)
    const claim = async (): Promise<Row[]> =>
      store.transaction(async (tx) => {
        const rows = ((await tx.get('outbox', 'rows')) as Row[] | undefined) ?? []
        const mine = rows.filter(({ state, until = 0 }) => state === 'pending' && until < Date.now())
        const ids = new Set(mine.map(({ offset, partition }) => `${partition}@${offset}`))
        await tx.put(
          'outbox',
          'rows',
          rows.map((row) =>
            ids.has(`${row.partition}@${row.offset}`) ? { ...row, until: Date.now() + LEASE_MS } : row,
          ),
        )
        return mine
      })
    const relay = async (): Promise<void> => {
      for (const { partition, offset } of await claim()) {
        await producer.send({ topic: 'trip-events', messages: [{ value: `${partition}@${offset}` }] })
        // Sent, for all who listen: it may not happen twice while nothing fails.
        await effects.record({ topic: 'trips', partition, offset }, 'published')
        await store.transaction(async (tx) => {
          const rows = ((await tx.get('outbox', 'rows')) as Row[] | undefined) ?? []
          await tx.put(
            'outbox',
            'rows',
            rows.map((row) =>
              row.partition === partition && row.offset === offset ? { ...row, state: 'published' } : row,
            ),
          )
        })
      }
    }
    await producer.connect()
    await consumer.connect()
    await consumer.subscribe({ topic: 'trips', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ partition, message }) => {
        await store.transaction(async (tx) => {
          const rows = ((await tx.get('outbox', 'rows')) as Row[] | undefined) ?? []
          if (rows.some((row) => row.partition === partition && row.offset === message.offset)) return
          await tx.put('outbox', 'rows', [...rows, { partition, offset: message.offset, state: 'pending' }])
          tx.effect({ topic: 'trips', partition, offset: message.offset }, 'accepted')
        })
      },
    })
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, RELAY_EVERY_MS))
      await relay().catch(() => {})
    }
  },
})
