import { Kafka, logLevel, Partitioners } from 'kafkajs'
import type { AppContext, Scenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

const POLL_MS = 500

/** A row of the outbox: the order's event, and the record that it came from. */
interface Row {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly value: string
}

/** Marks the next row as published, and publishes it, or the other way round. */
export type Publish = (mark: () => Promise<void>, send: () => Promise<void>) => Promise<void>

/** Orders become rows of an outbox; a relay, one process, publishes them, the oldest first. */
export function outbox(
  publish: Publish,
): Pick<Scenario, 'topics' | 'records' | 'apps' | 'effects' | 'restMs'> {
  return {
    topics: { orders: { partitions: 1 }, 'order-events': { partitions: 1 } },
    records: { orders: 3 },
    apps: {
      orders: { main: takeOrders, processes: 2 },
      relay: { main: (context) => relay(context, publish) },
    },
    effects: 'reported',
    // The relay looks for rows twice a second, and a send without an answer takes half a minute.
    restMs: 45_000,
  }
}

function takeOrders(context: AppContext): Promise<void> {
  return startService(context, {
    group: 'orders',
    topics: ['orders'],
    run: () => ({
      eachMessage: async ({ topic, partition, message: { offset, value } }) => {
        const row: Row = { topic, partition, offset, value: String(value) }
        const id = `${topic}/${partition}@${offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('taken', id)) !== undefined) return
          const number = Number((await tx.get('outbox', 'end')) ?? 0)
          await tx.put('outbox', String(number), JSON.stringify(row))
          await tx.put('outbox', 'end', number + 1)
          await tx.put('taken', id, true)
        })
      },
    }),
  })
}

/** Publishes rows as they come: one that fails is tried again with the next poll. */
async function relay(context: AppContext, publish: Publish): Promise<void> {
  const { brokers, effects, instance, signal, store } = context
  const kafka = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const publishNext = async (): Promise<boolean> => {
    const { number, row } = await store.transaction(async (tx) => {
      const next = Number((await tx.get('outbox', 'next')) ?? 0)
      return { number: next, row: rowOf(await tx.get('outbox', String(next))) }
    })
    if (row === null) return false
    const send = async (): Promise<void> => {
      await producer.send({ topic: 'order-events', acks: -1, messages: [{ value: row.value }] })
      await effects.record(row, 'published')
    }
    await publish(() => store.transaction((tx) => tx.put('outbox', 'next', number + 1)), send)
    return true
  }
  while (!signal.aborted) if (!(await publishNext().catch(() => false))) await sleep(POLL_MS)
  process.exit(0)
}

function rowOf(stored: unknown): Row | null {
  return stored === undefined ? null : JSON.parse(String(stored))
}
