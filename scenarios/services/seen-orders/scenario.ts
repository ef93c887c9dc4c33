import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { type PostgresOptions, postgres } from 'onceover/postgres'

export type DatabaseEngine = NonNullable<PostgresOptions['engine']>

/**
 * Orders in PostgreSQL, each once. Two processes that have the same order at a time are what it is
 * about: one was taken for dead, or the order was sent twice. PGlite can't show it.
 */
export function seenOrdersScenario(
  name: string,
  module: string,
  { engine = 'server', unique = false }: { engine?: DatabaseEngine; unique?: boolean } = {},
): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    // A shop that was not sure sent each order again: its two messages are in two partitions.
    records: {
      orders: Array.from({ length: 4 }, (_, index) => ({ orderId: `o-${index}`, item: 'tea' })).flatMap(
        (order) => [0, 1].map((partition) => ({ partition, value: JSON.stringify(order) })),
      ),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', DATABASE_URL: 'postgres://app@db:5432/shop' },
    services: {
      db: postgres({
        schema: unique ? ['./schema.sql', './unique-schema.sql'] : './schema.sql',
        engine,
      }),
    },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: {
      from: 'db',
      query: 'select order_id as identity, count(*) as times from orders group by order_id',
    },
    guarantee: exactlyOnce(),
  })
}
