import { atLeastOnce, defineScenario, type Scenario } from 'onceover'

/** Billing moves from the cluster `a` to `b`, to which a mirror copies all but test orders. */
export function migrationScenario(name: string, operator: string): Scenario {
  return defineScenario({
    name,
    clusters: {
      a: {
        topics: { orders: { partitions: 1 } },
        records: {
          orders: Array.from({ length: 10 }, (_, index) => ({
            value: JSON.stringify({ orderId: `o-${index}`, test: [1, 3, 5].includes(index) }),
            atMs: index * 1_000,
          })),
        },
      },
      b: { topics: { orders: { partitions: 1 } } },
    },
    apps: {
      mirror: { module: './mirror.ts' },
      billing: { module: './billing.ts', processes: 2 },
      operator: { module: operator },
    },
    identity: ({ value }) => JSON.parse(value ?? '').orderId,
    effects: 'reported',
    // The move is planned for one partition, and nobody adds another one meanwhile.
    faults: ['crash', 'pause', 'network', 'broker', 'service'],
    // The move itself takes a while.
    restMs: 20_000,
    guarantee: atLeastOnce(),
  })
}
