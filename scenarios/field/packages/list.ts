import type { PropertyName } from 'onceover'

/** A published package, by the name of its scenario, and what a check must say of it. */
export interface Published {
  readonly name: string
  readonly use: string
  /** Null: it can be checked. Else it cannot, and the sentence has these parts. */
  readonly outside: readonly string[] | null
  /** One of these is found; default: it holds. */
  readonly violates?: readonly PropertyName[]
  /** Schedules that it may take to find that, where they are more than the others get. */
  readonly runs?: number
}

export const PUBLISHED: readonly Published[] = [
  { name: 'cds-kafka 0.1.4', use: 'messaging of CAP', outside: null },
  {
    name: 'graphql-kafkajs-subscriptions 4.0.13',
    use: 'begins at the end of the log, again after each time without the group',
    outside: null,
    violates: ['lost-record', 'stuck-partition'],
  },
  {
    name: '@dbos-inc/kafkajs-receive 5.0.2',
    use: 'keeps its workflows in PostgreSQL',
    outside: ['db:5432', 'docs/services.md'],
  },
  { name: '@midwayjs/kafka 4.2.3', use: 'a consumer class', outside: null },
  {
    name: '@fastify/kafka 4.0.0',
    use: 'commits the offset that it has done, not the next one',
    outside: null,
    violates: ['stuck-partition'],
  },
  {
    name: '@fastify/kafka 4.0.0, restarts',
    use: 'begins at the end of the log at each start',
    outside: null,
    violates: ['lost-record'],
    runs: 500,
  },
  {
    name: '@fastify/kafka 4.0.0, from what is committed',
    use: 'commits what it has done before what it has begun before it',
    outside: null,
    violates: ['commit-ahead', 'lost-record'],
  },
  {
    name: '@hazeljs/kafka 2.0.7',
    use: 'as documented: no consumer is ever started',
    outside: ['never consumed a topic'],
  },
  {
    name: '@hazeljs/kafka 2.0.7, made to start',
    use: 'logs the errors of its handlers',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
  },
  {
    name: 'effect-kafka 0.9.0 on kafkajs',
    use: 'commits what it has queued',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
  },
  {
    name: 'effect-kafka 0.9.0 on kafkajs, commits by hand',
    use: 'ends no handler once it is asked to end',
    outside: null,
    violates: ['shutdown-hang', 'stuck-partition', 'lost-record'],
  },
  {
    name: 'effect-kafka 0.9.0 on kafkajs, commits by hand, restarts',
    use: 'commits nothing, and so does everything again',
    outside: null,
  },
  {
    name: 'effect-kafka 0.9.0 on @platformatic/kafka',
    use: 'cannot take a record without a key',
    outside: null,
    violates: ['stuck-partition', 'crashes-unprovoked'],
  },
  {
    name: 'effect-kafka 0.9.0 on @platformatic/kafka, keys',
    use: 'commits what it has queued',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
  },
  { name: 'opentelemetry-instrumentation-kafkajs 0.41.0', use: 'traces a consumer', outside: null },
  {
    name: '@christiangalsterer/kafkajs-prometheus-exporter 3.2.1',
    use: 'measures a consumer',
    outside: null,
  },
  {
    name: '@backstage/plugin-events-backend-module-kafka 0.3.8',
    use: 'pauses a partition after an error, and after a heartbeat that failed',
    outside: null,
    violates: ['stuck-partition'],
  },
  {
    name: '@twt-494/nestjs-kafka 8.0.7',
    use: 'resolves the offset of a record whose handler failed',
    outside: null,
    violates: ['commit-ahead', 'lost-record'],
  },
  {
    name: 'nestjs-kafka 1.0.6',
    use: 'begins at the end of the log, again after each time without a commit',
    outside: null,
    violates: ['lost-record', 'stuck-partition'],
  },
  {
    name: '@relaymesh/relaybus-kafka 0.0.9',
    use: 'stops its consumer inside its handler, and waits for it there',
    outside: null,
    violates: ['stuck-partition', 'shutdown-hang'],
  },
  {
    name: '@relaymesh/relaybus-kafka 0.0.9, without an end',
    use: 'the same with `maxMessages: 0`, which never stops',
    outside: null,
  },
  {
    name: '@moleculer/channels 0.1.8, dead letters',
    use: 'commits a record whose dead letter could not be sent',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
    runs: 150,
  },
  { name: 'kafkajs-async-retry 1.0.0', use: 'retry topics', outside: null },
  {
    name: 'kafkajs-stream 0.0.12',
    use: 'resolves the offset of a record that it has only buffered',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
  },
  {
    name: '@awesomeniko/kafka-trail 0.3.8, dead letters',
    use: 'has a dead-letter topic, but not for what cannot be decoded',
    outside: null,
    violates: ['dead-consumer'],
  },
  {
    name: 'kafka-sagas 17.1.0',
    use: 'logs the errors of its sagas',
    outside: null,
    violates: ['lost-record', 'commit-ahead'],
  },
  {
    name: '@venizia/ignis-helpers 0.0.7',
    use: 'gives each connection 1 ms',
    outside: null,
    violates: ['stuck-partition'],
  },
  {
    name: '@nestjs/microservices 10.4.20',
    use: 'lives on without a consumer once it has crashed for good',
    outside: null,
    violates: ['dead-consumer'],
  },
  {
    name: '@moleculer/channels 0.1.8, a commit that is refused',
    use: 'takes a commit that is refused for a handler that failed',
    outside: null,
    violates: ['dead-consumer'],
  },
]
