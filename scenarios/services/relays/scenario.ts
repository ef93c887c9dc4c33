import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'

const STATUSES = ['placed', 'paid', 'sent']

/**
 * Orders in PostgreSQL, and two relays that tell of them. It takes a server: PGlite has one
 * session, where no row is ever locked by somebody else.
 */
export function relaysScenario(name: string, relay: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 }, 'order-events': { partitions: 1 } },
    records: {
      orders: ['o-0', 'o-1'].flatMap((orderId, partition) =>
        STATUSES.map((status) => ({ partition, value: JSON.stringify({ orderId, status }) })),
      ),
    },
    apps: { orders: { module: './orders.ts' }, relay: { module: relay, processes: 2 } },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
    services: { db: postgres({ schema: './schema.sql', engine: 'server' }) },
    identity: ({ value }) => {
      const { orderId, status } = JSON.parse(value ?? '')
      return `${orderId} ${status}`
    },
    effects: {
      from: 'db',
      query: "select order_id || ' ' || status as identity, count(*) as times from orders group by 1",
    },
    invariants: {
      'events of an order come in order': ({ history }) => {
        const told = new Map<string, number[]>()
        for (const event of history.events) {
          if (event.kind !== 'append' || event.topic !== 'order-events') continue
          const rows = told.get(event.key ?? '') ?? []
          const row = Number(JSON.parse(event.value ?? '').id)
          // An event may come again; what counts is when it first came.
          if (!rows.includes(row)) rows.push(row)
          told.set(event.key ?? '', rows)
        }
        const ordered = [...told.values()].every((rows) =>
          rows.every((row, index) => index === 0 || row > Number(rows[index - 1])),
        )
        return ordered ? undefined : 'an event of an order came before one that had happened earlier'
      },
    },
    // A send that gets no answer is tried again after half a minute.
    restMs: 45_000,
    guarantee: exactlyOnce(),
  })
}
