import { atLeastOnce, defineScenario, type Scenario } from 'onceover'

/** Orders of the cluster `a`, a mirror that copies them to the cluster `b`, and billing there. */
export function mirrorScenario(name: string, mirror: string): Scenario {
  return defineScenario({
    name,
    clusters: {
      a: {
        topics: { orders: { partitions: 2 } },
        records: {
          orders: Array.from({ length: 8 }, (_, index) => ({
            key: `customer-${index % 4}`,
            value: JSON.stringify({ orderId: `o-${index}` }),
          })),
        },
      },
      b: { topics: { orders: { partitions: 2 } } },
    },
    apps: { mirror: { module: mirror }, billing: { module: './billing.ts', processes: 2 } },
    env: { SOURCE_BROKERS: 'broker-0.a:9092', TARGET_BROKERS: 'broker-0.b:9092' },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    // Of the mirror's records the copy is what counts, and of the copies the bill.
    effects: 'reported',
    guarantee: atLeastOnce({ order: 'key' }),
  })
}
