import { Kafka, logLevel, Partitioners } from 'kafkajs'
import type { AppContext, Scenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

const POLL_MS = 500
export const EVENTS = 'order-events'

/** A row of the outbox: the order's event, and the record that it came from. */
export interface Row {
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly value: string
}

/** Marks the next row as published, and publishes it, or the other way round. */
export type Publish = (mark: () => Promise<void>, send: () => Promise<void>) => Promise<void>

/** The two things that a client does here: it takes orders, and sends events. */
export interface OutboxClient {
  /** Hands each order to `take`, and commits it when that is done. */
  readonly takeOrders: (context: AppContext, take: (order: Row) => Promise<void>) => Promise<void>
  /** Connects; the function that it resolves with sends the value of an event. */
  readonly sender: (context: AppContext) => Promise<(value: string) => Promise<unknown>>
}

/** Orders become rows of an outbox; a relay, one process, publishes them, the oldest first. */
export function outbox(
  publish: Publish,
  client: OutboxClient = kafkajs,
): Pick<Scenario, 'topics' | 'records' | 'apps' | 'effects' | 'restMs'> {
  return {
    topics: { orders: { partitions: 1 }, [EVENTS]: { partitions: 1 } },
    records: { orders: 3 },
    apps: {
      orders: {
        main: (context) => client.takeOrders(context, (order) => enter(context, order)),
        processes: 2,
      },
      relay: { main: (context) => relay(context, publish, client) },
    },
    effects: 'reported',
    // The relay looks for rows twice a second, and a send without an answer takes half a minute.
    restMs: 45_000,
  }
}

const kafkajs: OutboxClient = {
  takeOrders: (context, take) =>
    startService(context, {
      group: 'orders',
      topics: ['orders'],
      run: () => ({
        eachMessage: ({ topic, partition, message: { offset, value } }) =>
          take({ topic, partition, offset, value: String(value) }),
      }),
    }),
  async sender({ instance, brokers }) {
    const kafka = new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING })
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
    await producer.connect()
    // kafkajs goes on with a connection that no longer answers: another incarnation makes a new
    // one.
    return (value) =>
      producer.send({ topic: EVENTS, acks: -1, messages: [{ value }] }).catch(() => process.exit(1))
  },
}

/** Puts an order into the outbox, unless it is there. */
async function enter({ store }: AppContext, row: Row): Promise<void> {
  const id = `${row.topic}/${row.partition}@${row.offset}`
  await store.transaction(async (tx) => {
    if ((await tx.get('taken', id)) !== undefined) return
    const number = Number((await tx.get('outbox', 'end')) ?? 0)
    await tx.put('outbox', String(number), JSON.stringify(row))
    await tx.put('outbox', 'end', number + 1)
    await tx.put('taken', id, true)
  })
}

/** Publishes rows as they come: one that fails is tried again with the next poll. */
async function relay(context: AppContext, publish: Publish, client: OutboxClient): Promise<void> {
  const { effects, signal, store } = context
  const sendEvent = await client.sender(context)
  const publishNext = async (): Promise<boolean> => {
    const { number, row } = await store.transaction(async (tx) => {
      const next = Number((await tx.get('outbox', 'next')) ?? 0)
      return { number: next, row: rowOf(await tx.get('outbox', String(next))) }
    })
    if (row === null) return false
    const send = async (): Promise<void> => {
      await sendEvent(row.value)
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
