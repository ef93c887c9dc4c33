import { atLeastOnce, defineScenario, type Scenario } from 'onceover'

interface RecordOfTest {
  readonly value: string
  readonly partition: number
  readonly atMs?: number
}

/** Eight orders on two partitions. */
function orders(written: (id: number) => string = (id) => JSON.stringify({ id })): RecordOfTest[] {
  return Array.from({ length: 8 }, (_, id) => ({ value: written(id), partition: id % 2 }))
}

/** The records come one by one, when the processes are there. */
function later(): RecordOfTest[] {
  return orders().map((record, id) => ({ ...record, atMs: 20_000 + id * 2_000 }))
}

/** The form in which relaybus puts messages. */
function enveloped(id: number): string {
  return JSON.stringify({
    v: 'v1',
    id: `order-${id}`,
    topic: 'orders',
    ts: '2025-01-01T00:00:00.000Z',
    content_type: 'application/json',
    payload_b64: Buffer.from(JSON.stringify({ id })).toString('base64'),
    meta: {},
  })
}

const TWO = { orders: { partitions: 2 } }
const app = (name: string) => ({ module: `./npm/src/${name}.ts` })
/** Only the package itself can see that its consumer has crashed for good. */
const HIDDEN = { allow: ['dead-consumer'] } as const
const FAULTS = ['crash', 'rebalance', 'network', 'broker', 'store'] as const

/** Packages that wrap a client for a framework, or for an organization's services. */
export const WRAPPERS: readonly Scenario[] = [
  defineScenario({
    name: '@twt-494/nestjs-kafka 8.0.7',
    topics: TWO,
    records: { orders: orders() },
    consumers: 1,
    faults: ['store'],
    app: app('twt-nestjs-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: 'nestjs-kafka 1.0.6',
    topics: TWO,
    records: { orders: later() },
    consumers: 2,
    faults: ['crash', 'rebalance'],
    app: app('nestjs-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@relaymesh/relaybus-kafka 0.0.9',
    topics: TWO,
    records: { orders: orders(enveloped) },
    consumers: 1,
    faults: [...FAULTS],
    env: { MAX_MESSAGES: 'default' },
    app: app('relaybus-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@relaymesh/relaybus-kafka 0.0.9, without an end',
    topics: TWO,
    records: { orders: orders(enveloped) },
    consumers: 1,
    faults: [...FAULTS],
    env: { MAX_MESSAGES: 'none' },
    app: app('relaybus-kafka'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@moleculer/channels 0.1.8, dead letters',
    topics: { ...TWO, dead: { partitions: 1 } },
    records: { orders: orders() },
    consumers: 1,
    faults: ['crash', 'request-error', 'broker'],
    env: { DEAD_LETTERS: 'yes' },
    app: app('moleculer-channels'),
    guarantee: atLeastOnce({ ...HIDDEN, deadLetter: 'dead' }),
  }),
  defineScenario({
    name: 'kafkajs-async-retry 1.0.0',
    topics: { ...TWO, 'orders-retry-1': { partitions: 1 }, 'orders-dlq': { partitions: 1 } },
    records: { orders: orders() },
    consumers: 1,
    faults: ['crash'],
    app: app('kafkajs-async-retry'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: 'kafkajs-stream 0.0.12',
    topics: TWO,
    records: { orders: orders() },
    consumers: 1,
    faults: ['crash', 'rebalance'],
    effects: 'reported',
    app: app('kafkajs-stream'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@awesomeniko/kafka-trail 0.3.8, dead letters',
    topics: { ...TWO, 'dlq.orders': { partitions: 1 } },
    records: { orders: orders((id) => (id === 2 ? 'no JSON' : JSON.stringify({ id }))) },
    consumers: 1,
    faults: ['crash', 'rebalance'],
    app: app('kafka-trail'),
    guarantee: atLeastOnce({ deadLetter: 'dlq.orders' }),
  }),
  defineScenario({
    name: 'kafka-sagas 17.1.0',
    topics: TWO,
    records: { orders: orders((id) => JSON.stringify({ transaction_id: `t-${id}`, payload: { id } })) },
    consumers: 1,
    faults: ['store', 'crash', 'rebalance'],
    effects: 'reported',
    app: app('kafka-sagas'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@venizia/ignis-helpers 0.0.7',
    topics: TWO,
    records: { orders: orders() },
    consumers: 1,
    faults: ['crash'],
    app: app('ignis-helpers'),
    guarantee: atLeastOnce(HIDDEN),
  }),
  defineScenario({
    name: '@nestjs/microservices 10.4.20',
    topics: TWO,
    records: { orders: orders() },
    consumers: 1,
    faults: ['request-error', 'disconnect-before'],
    app: app('nestjs-microservices'),
    guarantee: atLeastOnce(),
  }),
  defineScenario({
    name: '@moleculer/channels 0.1.8, a commit that is refused',
    topics: TWO,
    records: { orders: orders() },
    consumers: 2,
    faults: ['pause', 'rebalance'],
    env: { DEAD_LETTERS: 'no' },
    app: app('moleculer-channels'),
    guarantee: atLeastOnce(),
  }),
]
