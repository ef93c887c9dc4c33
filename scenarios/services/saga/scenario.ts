import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'

const ORDERS = 6

/** Orders that a bank pays or does not: those that it does not give their piece of stock back. */
export function sagaScenario(name: string, orders: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 }, 'payment-results': { partitions: 2 } },
    records: {
      orders: Array.from({ length: ORDERS }, (_, index) => ({
        key: `o-${index}`,
        value: JSON.stringify({ orderId: `o-${index}`, amount: index % 2 === 0 ? 50 : 500 }),
      })),
    },
    apps: { payments: { module: './payments.ts' }, orders: { module: orders, processes: 2 } },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
    services: { db: postgres({ schema: './schema.sql' }) },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: { from: 'db', query: "select order_id as identity from orders where state <> 'placed'" },
    invariants: {
      'each piece is in stock or in an order': ({ services }) => {
        const [row] =
          services['db']?.ask(
            "select pieces, (select count(*) from orders where state <> 'cancelled') as ordered from stock",
          ) ?? []
        const pieces = Number(row?.['pieces']) + Number(row?.['ordered'])
        return pieces === 10 + ORDERS ? undefined : 'there are more pieces, or fewer, than there were'
      },
    },
    guarantee: exactlyOnce(),
  })
}
