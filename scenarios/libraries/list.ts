/** A service of one library, in `npm/src`, and what a check must say of it. */
export interface Library {
  /** Of the package, and of its file. */
  readonly name: string
  /** The service's use of it. */
  readonly use: string
  /** Null: it holds. Else it cannot be checked, and the sentence has these parts. */
  readonly outside: readonly string[] | null
  /** Whether a database stands beside Kafka. */
  readonly database?: boolean
}

const NO_OTHER = 'outside the simulation, whose hosts are broker-0:9092'
const STAND_IN = 'put it into the services of the scenario'

export const LIBRARIES: readonly Library[] = [
  { name: 'ajv', use: 'checks records against a schema', outside: null },
  { name: 'avsc', use: 'encodes and decodes Avro', outside: null },
  { name: 'axios', use: 'posts to another service', outside: ['mail.example', STAND_IN, 'axios'] },
  { name: 'bottleneck', use: 'limits how many records it takes at once', outside: null },
  { name: 'bottleneck-batches', use: 'writes in batches of three, or after 100 ms', outside: null },
  { name: 'bullmq', use: 'adds a job to a queue', outside: ['redis:6379', NO_OTHER, STAND_IN] },
  { name: 'bunyan', use: 'logs, with the caller of each line', outside: null },
  { name: 'dotenv', use: 'reads its settings', outside: null },
  { name: 'drizzle-orm', use: 'writes rows, by pg', outside: null, database: true },
  { name: 'express', use: 'answers health checks', outside: null },
  { name: 'fastify', use: 'answers health checks, and logs', outside: null },
  { name: 'got', use: 'posts to another service', outside: ['mail.example', STAND_IN, 'got'] },
  { name: 'hono', use: 'answers health checks', outside: null },
  {
    name: 'ioredis',
    use: 'asks a cache whether it has seen a record',
    outside: ['cache:6379', NO_OTHER, STAND_IN],
  },
  { name: 'joi', use: 'checks records against a schema', outside: null },
  { name: 'jose', use: 'signs and verifies a token', outside: null },
  { name: 'jsonwebtoken', use: 'signs with a key pair of its own, and verifies', outside: null },
  { name: 'knex', use: 'writes rows, by pg', outside: null, database: true },
  { name: 'libsql', use: 'keeps a SQLite file, by a native addon', outside: null },
  { name: 'lru-cache', use: 'drops what it has seen', outside: null },
  { name: 'luxon', use: 'tells the time in Berlin', outside: null },
  { name: 'moleculer', use: 'takes records from @moleculer/channels', outside: null },
  { name: 'mongoose', use: 'writes documents', outside: ['mongo:27017', NO_OTHER, STAND_IN] },
  { name: 'nanoid', use: 'makes ids', outside: null },
  { name: 'node-cache', use: 'drops what it has seen', outside: null },
  { name: 'nodemailer', use: 'sends mail', outside: ['smtp.example', NO_OTHER, STAND_IN] },
  { name: 'opentelemetry', use: 'traces, by its SDK and its instrumentation of kafkajs', outside: null },
  { name: 'opossum', use: 'has a circuit breaker', outside: null },
  { name: 'p-queue', use: 'works two records at a time', outside: null },
  { name: 'p-queue-lanes', use: 'has a queue for each partition, made when it is first used', outside: null },
  { name: 'p-retry', use: 'tries again what failed', outside: null },
  { name: 'pg', use: 'writes rows', outside: null, database: true },
  { name: 'pino', use: 'logs', outside: null },
  { name: 'prom-client', use: 'counts and measures', outside: null },
  { name: 'protobufjs', use: 'encodes and decodes', outside: null },
  { name: 'redis', use: 'writes to a cache', outside: ['cache:6379', NO_OTHER, STAND_IN] },
  { name: 'rxjs', use: 'has a timeout and retries', outside: null },
  { name: 'rxjs-lanes', use: 'works on each partition in turn, in one stream', outside: null },
  { name: 'typeorm', use: 'writes rows, by pg', outside: null, database: true },
  { name: 'ulid', use: 'makes ids', outside: null },
  { name: 'undici', use: 'posts to another service', outside: ['mail.example', STAND_IN] },
  { name: 'uuid', use: 'makes ids of versions 1, 4 and 7', outside: null },
  { name: 'winston', use: 'logs, also into a file', outside: null },
  { name: 'zod', use: 'checks records against a schema', outside: null },
]
