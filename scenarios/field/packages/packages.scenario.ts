import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { WRAPPERS } from './wrappers.ts'

const ORDERS = {
  topics: { orders: { partitions: 2 } },
  records: { orders: 8 },
  consumers: 2,
} as const

/**
 * For consumers that begin at the end of the log: the records come when both processes are there.
 * Without keys they come one by one, with keys four at a time.
 */
function later(topic: string, keys: 'keys' | 'no keys' = 'no keys') {
  const record = (index: number) => ({ value: JSON.stringify({ id: index }), partition: index % 2 })
  const one = (index: number) => ({ ...record(index), atMs: 20_000 + index * 2_000 })
  const four = (index: number) => ({
    ...record(index),
    key: `key-${index}`,
    atMs: 20_000 + Math.floor(index / 4) * 5_000,
  })
  return {
    topics: { [topic]: { partitions: 2 } },
    records: {
      [topic]: () => Array.from({ length: 8 }, (_, index) => (keys === 'keys' ? four : one)(index)),
    },
    consumers: 2,
  }
}

const app = (name: string) => ({ module: `./npm/src/${name}.ts` })

/** Faults of the surroundings: the server itself is not restarted. */
const LIVE = ['network', 'broker'] as const
/** Only the package itself can see that its consumer has crashed for good. */
const HIDDEN = { allow: ['dead-consumer'] } as const

/** Published packages, unmodified, as their authors document them. */
const scenarios: readonly Scenario[] = [
  defineScenario({
    ...ORDERS,
    name: 'cds-kafka 0.1.4',
    app: app('cds-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...later('events'),
    name: 'graphql-kafkajs-subscriptions 4.0.13',
    consumers: 1,
    faults: [...LIVE],
    app: app('graphql-kafkajs-subscriptions'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: '@dbos-inc/kafkajs-receive 5.0.2',
    app: app('dbos-kafkajs-receive'),
    guarantee: atLeastOnce(),
  }),
  defineScenario({
    ...ORDERS,
    name: '@midwayjs/kafka 4.2.3',
    app: app('midway-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...later('updates'),
    name: '@fastify/kafka 4.0.0',
    app: app('fastify-kafka'),
    guarantee: atLeastOnce(),
  }),
  defineScenario({
    ...later('updates'),
    name: '@fastify/kafka 4.0.0, restarts',
    faults: ['crash', 'rebalance'],
    app: app('fastify-kafka'),
    guarantee: atLeastOnce({ allow: ['stuck-partition', 'commit-ahead'] }),
  }),
  defineScenario({
    ...later('updates'),
    name: '@fastify/kafka 4.0.0, from what is committed',
    env: { FROM: 'committed' },
    app: app('fastify-kafka'),
    guarantee: atLeastOnce({ allow: ['stuck-partition'] }),
  }),
  defineScenario({
    ...ORDERS,
    name: '@hazeljs/kafka 2.0.7',
    env: { LOG_ENABLED: 'false', DECORATES: 'prototype' },
    app: app('hazeljs-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: '@hazeljs/kafka 2.0.7, made to start',
    env: { LOG_ENABLED: 'false', DECORATES: 'class' },
    app: app('hazeljs-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: 'effect-kafka 0.9.0 on kafkajs',
    env: { CLIENT: 'kafkajs' },
    app: app('effect-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: 'effect-kafka 0.9.0 on kafkajs, commits by hand',
    env: { CLIENT: 'kafkajs', COMMITS: 'by hand' },
    app: app('effect-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: 'effect-kafka 0.9.0 on kafkajs, commits by hand, restarts',
    env: { CLIENT: 'kafkajs', COMMITS: 'by hand' },
    faults: ['graceful-restart'],
    app: app('effect-kafka'),
    guarantee: atLeastOnce({ allow: ['dead-consumer', 'shutdown-hang', 'stuck-partition'] }),
  }),
  defineScenario({
    ...later('orders'),
    name: 'effect-kafka 0.9.0 on @platformatic/kafka',
    env: { CLIENT: '@platformatic/kafka' },
    app: app('effect-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...later('orders', 'keys'),
    name: 'effect-kafka 0.9.0 on @platformatic/kafka, keys',
    env: { CLIENT: '@platformatic/kafka' },
    app: app('effect-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    ...ORDERS,
    name: 'opentelemetry-instrumentation-kafkajs 0.41.0',
    env: { WATCHED_BY: 'opentelemetry' },
    app: app('ordinary'),
    guarantee: atLeastOnce(),
  }),
  defineScenario({
    ...ORDERS,
    name: '@christiangalsterer/kafkajs-prometheus-exporter 3.2.1',
    env: { WATCHED_BY: 'prometheus' },
    app: app('ordinary'),
    guarantee: atLeastOnce(),
  }),
  defineScenario({
    topics: { entities: { partitions: 2 } },
    records: {
      entities: Array.from({ length: 8 }, (_, index) => ({
        value: JSON.stringify({ id: index }),
        partition: index % 2,
      })),
    },
    consumers: 2,
    name: '@backstage/plugin-events-backend-module-kafka 0.3.8',
    app: app('backstage-events'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  ...WRAPPERS,
]

export default scenarios
