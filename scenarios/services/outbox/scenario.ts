import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'

/** Orders in PostgreSQL, and a relay of its own that tells of them. */
export function outboxScenario(name: string, relay: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 }, 'order-events': { partitions: 1 } },
    records: {
      orders: Array.from({ length: 6 }, (_, index) => ({
        value: JSON.stringify({ orderId: `o-${index}`, item: 'tea' }),
      })),
    },
    apps: { orders: { module: './orders.ts', processes: 2 }, relay: { module: relay } },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
    services: { db: postgres({ schema: './schema.sql' }) },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: {
      from: 'db',
      query: 'select order_id as identity, count(*) as times from orders group by order_id',
    },
    invariants: {
      'each order is told of': ({ history, services }) => {
        const told = new Set(
          history.events.map((event) =>
            event.kind === 'append' && event.topic === 'order-events' ? event.value : null,
          ),
        )
        const orders = services['db']?.ask('select order_id from orders order by 1') ?? []
        const untold = orders.filter(({ order_id: orderId }) => !told.has(JSON.stringify({ orderId })))
        return untold.length > 0 ? 'an order stands in the database, and no event tells of it' : undefined
      },
    },
    // A send that gets no answer is tried again after half a minute.
    restMs: 45_000,
    guarantee: exactlyOnce(),
  })
}
