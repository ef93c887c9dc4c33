import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { postgres } from 'onceover/postgres'

/** Orders in PostgreSQL, each once, judged by the rows that stand there in the end. */
export function ordersScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: {
      orders: Array.from({ length: 8 }, (_, index) => ({
        value: JSON.stringify({ orderId: `o-${index}`, item: 'tea' }),
      })),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
    services: { db: postgres({ schema: './schema.sql' }) },
    identity: ({ value }) => (JSON.parse(value ?? '') as { orderId: string }).orderId,
    effects: {
      from: 'db',
      query: 'select order_id as identity, count(*) as times from orders group by order_id',
    },
    guarantee: exactlyOnce(),
  })
}
