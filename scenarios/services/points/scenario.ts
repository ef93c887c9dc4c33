import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { redis } from 'onceover/redis'

/** Points in Redis, for each order once, judged by the list that stands there in the end. */
export function pointsScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: {
      orders: Array.from({ length: 6 }, (_, index) => ({
        value: JSON.stringify({ orderId: `o-${index}` }),
      })),
    },
    consumers: 2,
    app: { module },
    env: { KAFKA_BROKERS: 'broker-0:9092', REDIS_URL: 'redis://cache:6379' },
    services: { cache: redis() },
    identity: ({ value }) => (JSON.parse(value ?? '') as { readonly orderId: string }).orderId,
    effects: { from: 'cache', query: 'LRANGE points' },
    guarantee: exactlyOnce(),
  })
}
