import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter, on } from 'node:events'
import { setTimeout as later } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, EachMessagePayload, Producer } from 'kafkajs'
import { type AppContext, atLeastOnce, defineScenario, exactlyOnce, type Scenario } from 'onceover'
import { next, startService } from '../service.ts'

const base = { topics: { work: { partitions: 2 } }, records: { work: 8 }, consumers: 2 } as const
const at = (topic: string, partition: number, { offset }: { readonly offset: string }) => ({
  topic,
  partition,
  offset,
})

/** Where each partition may be committed: behind the first records that are all done. */
class Watermarks {
  readonly #partitions = new Map<string, { next: bigint; readonly done: Set<bigint> }>()

  begin(key: string, offset: string): void {
    if (!this.#partitions.has(key)) this.#partitions.set(key, { next: BigInt(offset), done: new Set() })
  }

  /** @returns the offset to commit */
  finish(key: string, offset: string): string | null {
    const partition = this.#partitions.get(key)
    if (partition === undefined) return null
    partition.done.add(BigInt(offset))
    const before = partition.next
    while (partition.done.delete(partition.next)) partition.next += 1n
    return partition.next > before ? String(partition.next) : null
  }

  clear(): void {
    this.#partitions.clear()
  }
}

const u01 = defineScenario({
  ...base,
  name: 'u01 classes from a container, each call in a span',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const spans = new AsyncLocalStorage<{ readonly name: string; readonly startedMs: number }>()
    const traced = <Given extends unknown[]>(name: string, call: (...given: Given) => Promise<void>) => {
      return (...given: Given): Promise<void> =>
        spans.run({ name, startedMs: performance.now() }, async () => {
          await call(...given)
          if (spans.getStore()?.name !== name) throw new Error('lost its span')
        })
    }
    class Repository {
      async save(payload: EachMessagePayload): Promise<void> {
        await context.effects.record(at(payload.topic, payload.partition, payload.message))
      }
    }
    class OrderService {
      readonly #repository: Repository
      constructor(container: { repository(): Repository }) {
        this.#repository = container.repository()
      }
      handle = traced('handle', (payload: EachMessagePayload) =>
        traced('save', () => this.#repository.save(payload))(),
      )
    }
    const service = new OrderService({ repository: () => new Repository() })
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({ eachMessage: service.handle }),
    })
  },
})

const u02 = defineScenario({
  ...base,
  name: 'u02 chunks of a batch in parallel, committed one by one',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async (payload: EachBatchPayload) => {
          const { batch, resolveOffset, heartbeat, commitOffsetsIfNecessary, isRunning, isStale } = payload
          for (let from = 0; from < batch.messages.length; from += 2) {
            if (!isRunning() || isStale()) return
            const chunk = batch.messages.slice(from, from + 2)
            await Promise.all(
              chunk.map((message) => context.effects.record(at(batch.topic, batch.partition, message))),
            )
            const last = chunk.at(-1)?.offset ?? '0'
            resolveOffset(last)
            await commitOffsetsIfNecessary({
              topics: [
                { topic: batch.topic, partitions: [{ partition: batch.partition, offset: next(last) }] },
              ],
            })
            await heartbeat()
          }
        },
      }),
    }),
})

const u03 = defineScenario({
  ...base,
  name: 'u03 a pool with a lane for each key, committed behind what is done',
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context: AppContext) => {
    const lanes = new Map<string, Promise<void>>()
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat }) => {
          const { topic, partition } = batch
          const marks = new Watermarks()
          marks.begin('', batch.messages[0]?.offset ?? '0')
          const work = batch.messages.map((message, index) => {
            const lane = `${partition} ${message.key}`
            const job = (lanes.get(lane) ?? Promise.resolve()).then(async () => {
              await later((index * 31) % 70)
              await context.effects.record(at(topic, partition, message))
              const done = marks.finish('', message.offset)
              if (done !== null) resolveOffset(String(BigInt(done) - 1n))
            })
            lanes.set(lane, job)
            return job
          })
          const ended = await Promise.allSettled(work)
          lanes.clear()
          await commitOffsetsIfNecessary()
          await heartbeat()
          const failed = ended.find((each) => each.status === 'rejected')
          if (failed !== undefined) throw failed.reason
        },
      }),
    })
  },
})

const u04 = defineScenario({
  ...base,
  name: 'u04 bulk inserts: flushes at three or after 50 ms, and waits for its flush',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    type Row = { readonly payload: EachMessagePayload; settle(error: unknown): void }
    let rows: Row[] = []
    let timer: NodeJS.Timeout | undefined
    const flush = async (): Promise<void> => {
      clearTimeout(timer)
      timer = undefined
      const flushed = rows
      rows = []
      for (const { payload, settle } of flushed) {
        try {
          await context.effects.record(at(payload.topic, payload.partition, payload.message))
          settle(null)
        } catch (error) {
          settle(error)
        }
      }
    }
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        partitionsConsumedConcurrently: 2,
        eachMessage: (payload) =>
          new Promise((resolve, reject) => {
            rows.push({ payload, settle: (error) => (error === null ? resolve() : reject(error)) })
            if (rows.length === 3) void flush()
            else timer ??= setTimeout(flush, 50)
          }),
      }),
    })
  },
})

const u05 = defineScenario({
  ...base,
  name: 'u05 generators: parse, filter, save',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    type Message = EachBatchPayload['batch']['messages'][number]
    async function* parsed(messages: readonly Message[]) {
      for (const message of messages) {
        await later(1)
        yield { message, value: message.value?.toString() ?? '' }
      }
    }
    async function* inPairs<Item>(items: AsyncIterable<Item>) {
      let pair: Item[] = []
      for await (const item of items) {
        pair.push(item)
        if (pair.length < 2) continue
        yield pair
        pair = []
      }
      if (pair.length > 0) yield pair
    }
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
          for await (const pair of inPairs(parsed(batch.messages))) {
            if (!isRunning() || isStale()) return
            for (const { message } of pair) {
              await context.effects.record(at(batch.topic, batch.partition, message))
              resolveOffset(message.offset)
            }
            await heartbeat()
          }
        },
      }),
    })
  },
})

async function retried(times: number, call: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      if (attempt === times) throw error
      await later(20 * 2 ** attempt * (0.5 + Math.random() / 2))
    }
  }
}

const u06 = defineScenario({
  name: 'u06 retries with jitter, then a dead letter with headers',
  topics: { work: { partitions: 2 }, 'work.dead': { partitions: 1 } },
  records: { work: 8 },
  consumers: 2,
  guarantee: atLeastOnce({ deadLetter: 'work.dead' }),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: async (_consumer, kafka) => {
        const producer: Producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message }) => {
            try {
              if (message.offset === '2') throw new TypeError('no such customer')
              await retried(4, () => context.effects.record(at(topic, partition, message)))
            } catch (error) {
              await producer.send({
                topic: 'work.dead',
                acks: -1,
                messages: [
                  {
                    key: message.key,
                    value: message.value,
                    headers: { ...message.headers, 'x-error': String(error), 'x-offset': message.offset },
                  },
                ],
              })
            }
          },
        }
      },
    }),
})

const u07 = defineScenario({
  ...base,
  name: 'u07 a queue that pauses its consumer when it is full, and commits behind what is done',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const full = 3
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: (consumer: Consumer) => {
        let waiting: { readonly payload: EachMessagePayload; readonly age: number }[] = []
        let age = 0
        let paused = false
        const marks = new Watermarks()
        // Not when it begins: a batch that is under way goes on behind what would be dropped.
        consumer.on(consumer.events.GROUP_JOIN, () => {
          age += 1
          waiting = []
          marks.clear()
        })
        const work = async (): Promise<void> => {
          for (;;) {
            const job = waiting.shift()
            if (paused && waiting.length === 0) {
              paused = false
              consumer.resume([{ topic: 'work' }])
            }
            if (job === undefined) {
              await later(20)
              continue
            }
            const { topic, partition, message } = job.payload
            if (job.age !== age) continue
            await later(15)
            await context.effects.record(at(topic, partition, message))
            const offset = job.age === age ? marks.finish(String(partition), message.offset) : null
            if (offset !== null) await consumer.commitOffsets([{ topic, partition, offset }]).catch(ignore)
          }
        }
        // What is not done is not committed: another incarnation does it.
        work().catch(() => process.exit(1))
        return {
          autoCommit: false,
          eachMessage: async (payload) => {
            marks.begin(String(payload.partition), payload.message.offset)
            waiting.push({ payload, age })
            if (waiting.length < full || paused) return
            paused = true
            consumer.pause([{ topic: 'work' }])
          },
        }
      },
    })
  },
})

function ignore(): void {}

const u08 = defineScenario({
  ...base,
  name: 'u08 an AbortController ends the work under way',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const ending = new AbortController()
    return startService(context, {
      group: 'g',
      topics: ['work'],
      onSigterm: (consumer) => {
        ending.abort(new Error('SIGTERM'))
        consumer.disconnect().then(
          () => process.exit(0),
          () => process.exit(1),
        )
      },
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(5_000)])
          await later(40, undefined, { signal })
          await context.effects.record(at(topic, partition, message))
        },
      }),
    })
  },
})

const u09 = defineScenario({
  ...base,
  name: 'u09 two groups read one topic in one process',
  guarantee: atLeastOnce(),
  app: async (context: AppContext) => {
    const starting = ['audit', 'billing'].map((group) =>
      startService(context, {
        group,
        topics: ['work'],
        onSigterm: (consumer) => void consumer.disconnect().then(ended, ended),
        run: () => ({
          eachMessage: async ({ topic, partition, message }) => {
            await context.effects.record(at(topic, partition, message))
          },
        }),
      }),
    )
    let running = starting.length
    const ended = (): void => {
      running -= 1
      if (running === 0) process.exit(0)
    }
    await Promise.all(starting)
  },
})

const u10 = defineScenario({
  ...base,
  name: 'u10 an actor for each partition with a mailbox',
  guarantee: atLeastOnce({ order: 'partition' }),
  app: (context: AppContext) => {
    class Actor {
      #busy = false
      readonly #letters: { readonly payload: EachMessagePayload; settle(error?: unknown): void }[] = []

      tell(payload: EachMessagePayload): Promise<void> {
        return new Promise((resolve, reject) => {
          this.#letters.push({ payload, settle: (error) => (error ? reject(error) : resolve()) })
          if (!this.#busy) void this.#work()
        })
      }

      async #work(): Promise<void> {
        this.#busy = true
        for (let letter = this.#letters.shift(); letter; letter = this.#letters.shift()) {
          const { topic, partition, message } = letter.payload
          await context.effects
            .record(at(topic, partition, message))
            .then(() => letter?.settle(), letter.settle)
        }
        this.#busy = false
      }
    }
    const actors = new Map<number, Actor>()
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: (payload) => {
          const actor = actors.get(payload.partition) ?? new Actor()
          actors.set(payload.partition, actor)
          return actor.tell(payload)
        },
      }),
    })
  },
})

const u11 = defineScenario({
  ...base,
  name: 'u11 commits what is done every second, and the rest when it stops',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    let done = new Map<string, { topic: string; partition: number; offset: string }>()
    const commitDone = async (consumer: Consumer): Promise<void> => {
      const list = [...done.values()]
      done = new Map()
      if (list.length > 0) await consumer.commitOffsets(list)
    }
    return startService(context, {
      group: 'g',
      topics: ['work'],
      onSigterm: (consumer) => {
        commitDone(consumer)
          .catch(ignore)
          .then(() => consumer.disconnect())
          .then(
            () => process.exit(0),
            () => process.exit(1),
          )
      },
      run: (consumer) => {
        let lastMs = Date.now()
        consumer.on(consumer.events.REBALANCING, () => done.clear())
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            await context.effects.record(at(topic, partition, message))
            done.set(String(partition), { topic, partition, offset: next(message.offset) })
            if (Date.now() - lastMs < 1_000) return
            lastMs = Date.now()
            await commitDone(consumer)
          },
        }
      },
    })
  },
})

const u12 = defineScenario({
  ...base,
  name: 'u12 an async iterator of events, acknowledged by its reader',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const bus = new EventEmitter()
    const read = async (): Promise<void> => {
      for await (const args of on(bus, 'message')) {
        const { topic, partition, message }: EachMessagePayload = args[0]
        const settle: (error?: unknown) => void = args[1]
        await context.effects.record(at(topic, partition, message)).then(() => settle(), settle)
      }
    }
    read().catch(() => process.exit(1))
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        partitionsConsumedConcurrently: 2,
        eachMessage: (payload) =>
          new Promise((resolve, reject) => {
            bus.emit('message', payload, (error?: Error) => (error ? reject(error) : resolve()))
          }),
      }),
    })
  },
})

const u13 = defineScenario({
  ...base,
  name: 'u13 exactly once: a deadline for each attempt, and an inbox in the store',
  guarantee: exactlyOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const save = context.store.transaction(async (tx) => {
            const id = `${topic}/${partition}@${message.offset}`
            if (await tx.get('inbox', id)) return
            await tx.put('inbox', id, true)
            tx.effect(at(topic, partition, message))
          })
          const deadline = later(2_000).then(() => {
            throw new Error('took too long')
          })
          deadline.catch(ignore)
          await Promise.race([save, deadline])
        },
      }),
    }),
})

const u14 = defineScenario({
  ...base,
  name: 'u14 reads its offsets from the store when it gets partitions, and seeks there',
  guarantee: exactlyOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
          const { topic, partition } = batch
          for (const message of batch.messages) {
            if (!isRunning() || isStale()) return
            await context.store.transaction(async (tx) => {
              const key = `${topic}/${partition}`
              const done = BigInt(String((await tx.get('offsets', key)) ?? -1))
              if (BigInt(message.offset) <= done) return
              await tx.put('offsets', key, message.offset)
              tx.effect(at(topic, partition, message))
            })
            resolveOffset(message.offset)
            await heartbeat()
          }
        },
      }),
    }),
})

const u15 = defineScenario({
  ...base,
  name: 'u15 a maintenance window: all is paused for two seconds in ten',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: (consumer) => {
        setInterval(() => {
          consumer.pause([{ topic: 'work' }])
          setTimeout(() => consumer.resume([{ topic: 'work' }]), 2_000)
        }, 10_000)
        return {
          eachMessage: async ({ topic, partition, message }) => {
            await context.effects.record(at(topic, partition, message))
          },
        }
      },
    }),
})

const u16 = defineScenario({
  ...base,
  name: 'u16 chunks of a batch, resolved and committed by the client’s threshold, with heartbeats',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        autoCommitThreshold: 3,
        eachBatchAutoResolve: false,
        eachBatch: async ({
          batch,
          resolveOffset,
          heartbeat,
          commitOffsetsIfNecessary,
          isRunning,
          isStale,
        }) => {
          const { topic, partition, messages } = batch
          for (let from = 0; from < messages.length && isRunning() && !isStale(); from += 3) {
            const chunk = messages.slice(from, from + 3)
            await Promise.all(chunk.map((message) => context.effects.record(at(topic, partition, message))))
            resolveOffset(chunk.at(-1)?.offset ?? '')
            await heartbeat()
            await commitOffsetsIfNecessary()
          }
        },
      }),
    }),
})

/** Correct consumers in the frames that people build around a handler: each must hold. */
export default [
  u01,
  u02,
  u03,
  u04,
  u05,
  u06,
  u07,
  u08,
  u09,
  u10,
  u11,
  u12,
  u13,
  u14,
  u15,
  u16,
] satisfies readonly Scenario[]
