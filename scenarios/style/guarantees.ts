import { setTimeout as later } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import {
  type AppContext,
  atLeastOnce,
  atMostOnce,
  defineScenario,
  exactlyOnce,
  type Scenario,
} from 'onceover'
import { endUnlessItRejoins, next, startService } from '../service.ts'

const base = { topics: { work: { partitions: 2 } }, records: { work: 8 }, consumers: 2 } as const
const P = (topic: string, partition: number, offset: string) => ({ topic, partition, offset })
const keyed = Array.from({ length: 8 }, (_, i) => ({ key: `k${i % 3}`, value: `v${i}` }))
const list = {
  t01: () =>
    defineScenario({
      ...base,
      name: 't01 order by partition, one by one',
      guarantee: atLeastOnce({ order: 'partition' }),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message }) => {
              await c.effects.record(P(topic, partition, message.offset), 'done')
            },
          }),
        }),
    }),
  t02: () =>
    defineScenario({
      ...base,
      records: { work: keyed },
      name: 't02 order by key, keys in parallel within a batch',
      guarantee: atLeastOnce({ order: 'key' }),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachBatchAutoResolve: false,
            eachBatch: async ({ batch, resolveOffset, isStale, isRunning }) => {
              const lanes = new Map<string, Promise<void>>()
              for (const m of batch.messages) {
                const k = String(m.key)
                lanes.set(
                  k,
                  (lanes.get(k) ?? Promise.resolve()).then(async () => {
                    if (!isRunning() || isStale()) throw new Error('stale')
                    await c.effects.record(P(batch.topic, batch.partition, m.offset), 'done')
                  }),
                )
              }
              await Promise.all(lanes.values())
              resolveOffset(batch.lastOffset())
            },
          }),
        }),
    }),
  t04: () =>
    defineScenario({
      name: 't04 dead letters after three tries, same value',
      topics: { work: { partitions: 1 }, dead: { partitions: 1 } },
      records: { work: 6 },
      consumers: 2,
      guarantee: atLeastOnce({ deadLetter: 'dead' }),
      app: (c) => startDlq(c, (m) => m.value),
    }),
  t04b: () =>
    defineScenario({
      name: 't04b dead letters that wrap the value in JSON',
      topics: { work: { partitions: 1 }, dead: { partitions: 1 } },
      records: { work: 6 },
      consumers: 2,
      guarantee: atLeastOnce({ deadLetter: 'dead' }),
      app: (c) =>
        startDlq(c, (m) =>
          JSON.stringify({ original: String(m.value), error: 'cannot parse', at: Date.now() }),
        ),
    }),
  t05: () =>
    defineScenario({
      ...base,
      name: 't05 sees duplicates in memory and drops them',
      guarantee: atLeastOnce(),
      app: (c) => {
        const seen = new Set<string>()
        return startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message }) => {
              const id = `${partition}@${message.offset}`
              if (seen.has(id)) return
              await c.effects.record(P(topic, partition, message.offset), 'done')
              seen.add(id)
            },
          }),
        })
      },
    }),
  t07: () =>
    defineScenario({
      ...base,
      name: 't07 at most once by batches: resolves and commits, then works',
      guarantee: atMostOnce(),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            autoCommit: false,
            eachBatchAutoResolve: false,
            eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
              const { topic, partition } = batch
              const last = batch.lastOffset()
              // `consumer.commitOffsets` gives a refused commit up where it is to stop.
              try {
                await commitOffsetsIfNecessary({
                  topics: [{ topic, partitions: [{ partition, offset: next(last) }] }],
                })
              } catch {
                process.exit(1)
              }
              resolveOffset(last)
              for (const m of batch.messages) {
                try {
                  await c.effects.record(P(batch.topic, batch.partition, m.offset), 'sent')
                } catch {}
              }
            },
          }),
        }),
    }),
  t08: () =>
    defineScenario({
      ...base,
      records: {
        work: [
          { key: 'a', value: null, partition: 0 },
          { key: 'a', value: 'x', partition: 0 },
          { key: null, value: null, partition: 1 },
          { key: 'b', value: '', partition: 1 },
        ],
      },
      name: 't08 tombstones and empty values',
      guarantee: atLeastOnce(),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message }) => {
              await c.effects.record(
                P(topic, partition, message.offset),
                message.value === null ? 'deleted' : 'stored',
              )
            },
          }),
        }),
    }),
  t10: () =>
    defineScenario({
      ...base,
      records: { work: 3 },
      name: 't10 long jobs with heartbeats (60 s each)',
      guarantee: atLeastOnce(),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message, heartbeat }) => {
              for (let i = 0; i < 20; i += 1) {
                await later(3_000)
                await heartbeat()
              }
              await c.effects.record(P(topic, partition, message.offset), 'rendered')
            },
          }),
        }),
    }),
  t12: () =>
    defineScenario({
      name: 't12 subscribes by a regular expression',
      topics: { 'work.eu': { partitions: 1 }, 'work.us': { partitions: 1 }, other: { partitions: 1 } },
      records: { 'work.eu': 4, 'work.us': 4, other: 1 },
      consumers: 2,
      guarantee: atLeastOnce(),
      app: async (c) => {
        const consumer = new Kafka({
          clientId: c.instance,
          brokers: c.brokers,
          logLevel: logLevel.NOTHING,
        }).consumer({ groupId: 'g' })
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) process.exit(1)
        })
        endUnlessItRejoins(consumer, () => process.exit(1))
        process.once('SIGTERM', () => {
          consumer.disconnect().then(
            () => process.exit(0),
            () => process.exit(1),
          )
        })
        await consumer.connect()
        await consumer.subscribe({ topics: [/^work\./], fromBeginning: true })
        await consumer.run({
          eachMessage: async ({ topic, partition, message }) => {
            await c.effects.record(P(topic, partition, message.offset), 'done')
          },
        })
      },
    }),
  t14: () =>
    defineScenario({
      ...base,
      records: { work: 4 },
      name: 't14 broadcast: a group for each instance',
      guarantee: atLeastOnce(),
      app: (c) =>
        startService(c, {
          group: `g-${c.instance}`,
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message }) => {
              await c.effects.record(P(topic, partition, message.offset), 'cached')
            },
          }),
        }),
    }),
  t18: () =>
    defineScenario({
      ...base,
      consumers: 1,
      name: 't18 a batch job: works until it is idle for 5 s, commits, leaves, exits 0, is started again',
      guarantee: atLeastOnce(),
      app: async (c) => {
        const consumer = new Kafka({
          clientId: c.instance,
          brokers: c.brokers,
          logLevel: logLevel.NOTHING,
        }).consumer({ groupId: 'g' })
        let timer: NodeJS.Timeout | undefined
        const arm = () => {
          clearTimeout(timer)
          timer = setTimeout(() => {
            consumer.disconnect().then(
              () => process.exit(0),
              () => process.exit(1),
            )
          }, 5_000)
        }
        consumer.on(consumer.events.CRASH, ({ payload }) => {
          if (!payload.restart) process.exit(1)
        })
        process.once('SIGTERM', () => {
          consumer.disconnect().then(
            () => process.exit(0),
            () => process.exit(1),
          )
        })
        await consumer.connect()
        await consumer.subscribe({ topics: ['work'], fromBeginning: true })
        consumer.on(consumer.events.GROUP_JOIN, arm)
        await consumer.run({
          eachMessage: async ({ topic, partition, message }) => {
            await c.effects.record(P(topic, partition, message.offset), 'done')
            arm()
          },
        })
      },
    }),
  t20: () =>
    defineScenario({
      ...base,
      records: { work: 4 },
      name: 't20 skips some records on purpose, never records an effect',
      guarantee: exactlyOnce(),
      app: (c) =>
        startService(c, {
          group: 'g',
          topics: ['work'],
          run: () => ({
            eachMessage: async ({ topic, partition, message }) => {
              c.effects.skip(P(topic, partition, message.offset), 'not for us')
            },
          }),
        }),
    }),
}
function startDlq(context: AppContext, wrap: (m: { value: Buffer | null }) => Buffer | string | null) {
  return startService(context, {
    group: 'g',
    topics: ['work'],
    run: async (_c, kafka) => {
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
      await producer.connect()
      return {
        eachMessage: async ({ topic, partition, message }) => {
          for (let n = 0; ; n += 1) {
            try {
              if (message.offset === '2') throw new Error('cannot parse')
              await context.effects.record({ topic, partition, offset: message.offset }, 'done')
              return
            } catch (error) {
              if (n < 2) {
                await later(20)
                continue
              }
              if ((error as Error).message !== 'cannot parse') throw error
              await producer.send({
                topic: 'dead',
                messages: [
                  {
                    key: message.key,
                    value: wrap(message),
                    headers: { 'x-error': String((error as Error).message), 'x-offset': message.offset },
                  },
                ],
              })
              return
            }
          }
        },
      }
    },
  })
}
/** Correct consumers with other guarantees, dead letters and long jobs: each must hold. */
export default Object.values(list).map((make): Scenario => make())
