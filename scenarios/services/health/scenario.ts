import { atLeastOnce, defineScenario, type Scenario } from 'onceover'

/** A consumer that does not end by itself: a watchdog asks for its health, and ends it. */
export function healthScenario(name: string, orders: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: { orders: 8 },
    apps: { orders: { module: orders, processes: 2 }, watchdog: { module: './watchdog.ts' } },
    env: {
      KAFKA_BROKERS: 'broker-0:9092',
      WATCHED: 'http://orders-0:8080,http://orders-1:8080',
    },
    effects: 'handlers',
    guarantee: atLeastOnce(),
  })
}
