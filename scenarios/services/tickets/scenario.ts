import { defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { redis } from 'onceover/redis'

/** Orders that ask a shop for a seat over HTTP; the shop, on fastify, is an app of the scenario. */
export function ticketsScenario(name: string, shop: string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 2 } },
    records: {
      orders: Array.from({ length: 6 }, (_, index) => ({
        value: JSON.stringify({ orderId: `o-${index}` }),
      })),
    },
    apps: { orders: { module: './orders.ts', processes: 2 }, shop: { module: shop } },
    env: {
      KAFKA_BROKERS: 'broker-0:9092',
      REDIS_URL: 'redis://cache:6379',
      SHOP_URL: 'http://shop-0:8080',
    },
    services: { cache: redis() },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: { from: 'cache', query: 'HKEYS seats' },
    invariants: {
      'no seat is sold twice': ({ services }) => {
        const tickets = services['cache']?.ask('LRANGE tickets') ?? []
        const twice = tickets.some(({ times }) => Number(times) > 1)
        return twice ? 'two orders have the same seat' : undefined
      },
    },
    guarantee: exactlyOnce(),
  })
}
