import { defineScenario, exactlyOnce, type Scenario } from 'onceover'

/** A mirror that writes each order once, judged by what a read_committed reader of `b` sees. */
export function mirrorOnceScenario(name: string, module: string): Scenario {
  return defineScenario({
    name,
    clusters: {
      a: { topics: { orders: { partitions: 1 } }, records: { orders: 6 } },
      b: { topics: { orders: { partitions: 1 } } },
    },
    apps: { mirror: { module } },
    env: { SOURCE_BROKERS: 'broker-0.a:9092', TARGET_BROKERS: 'broker-0.b:9092' },
    effects: 'reported',
    // The mirror has one partition, and looks for no others.
    faults: ['crash', 'pause', 'network', 'broker'],
    guarantee: exactlyOnce({ outputs: ['b:orders'] }),
  })
}
