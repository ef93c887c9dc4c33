import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { setTimeout as later } from 'node:timers/promises'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import {
  type AppContext,
  atLeastOnce,
  atMostOnce,
  defineScenario,
  exactlyOnce,
  type Scenario,
} from 'onceover'
import { endUnlessItRejoins, next, sleep, startService } from '../service.ts'

const base = { topics: { work: { partitions: 2 } }, records: { work: 8 }, consumers: 2 } as const
const P = (topic: string, partition: number, offset: string) => ({ topic, partition, offset })

const s01 = defineScenario({
  ...base,
  name: 's01 batches over a timer, commits after flush',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    let buffer: { topic: string; partition: number; offset: string }[] = []
    let flushing: Promise<void> = Promise.resolve()
    const flush = async (consumer: Consumer) => {
      const mine = buffer
      buffer = []
      if (mine.length === 0) return
      for (const each of mine) await context.effects.record(each, 'saved')
      const tops = new Map<string, { topic: string; partition: number; offset: string }>()
      for (const each of mine)
        tops.set(`${each.topic}/${each.partition}`, { ...each, offset: next(each.offset) })
      await consumer.commitOffsets([...tops.values()])
    }
    return startService(context, {
      group: 'g',
      topics: ['work'],
      onSigterm: (consumer) => {
        consumer
          .stop()
          .then(() => flushing)
          .then(() => flush(consumer))
          .then(() => consumer.disconnect())
          .then(
            () => process.exit(0),
            () => process.exit(1),
          )
      },
      run: (consumer) => {
        // What is buffered when a rebalance begins is saved, and perhaps again: to drop it would
        // let a later record of the same batch be committed past it.
        setInterval(() => {
          flushing = flushing.then(() => flush(consumer)).catch(() => process.exit(1))
        }, 500)
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            buffer.push(P(topic, partition, message.offset))
          },
        }
      },
    })
  },
})

const s02 = defineScenario({
  ...base,
  name: 's02 pause after an error, resume by timer',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const failed = new Set<string>()
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, pause }) => {
          const id = `${partition}@${message.offset}`
          if (Number(message.offset) % 3 === 1 && !failed.has(id)) {
            failed.add(id)
            const resume = pause()
            setTimeout(resume, 2_000)
            throw new Error('downstream is busy')
          }
          await context.effects.record(P(topic, partition, message.offset), 'sent')
        },
      }),
    })
  },
})

const s03 = defineScenario({
  ...base,
  name: 's03 seeks back to retry',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const tries = new Map<string, number>()
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: (consumer) => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({
          batch,
          resolveOffset,
          heartbeat,
          isRunning,
          isStale,
          commitOffsetsIfNecessary,
        }) => {
          const { topic, partition } = batch
          for (const m of batch.messages) {
            if (!isRunning() || isStale()) break
            const id = `${partition}@${m.offset}`
            const n = (tries.get(id) ?? 0) + 1
            tries.set(id, n)
            if (n === 1 && Number(m.offset) % 2 === 1) {
              consumer.seek({ topic, partition, offset: m.offset })
              return
            }
            await context.effects.record(P(topic, partition, m.offset), 'done')
            resolveOffset(m.offset)
            await commitOffsetsIfNecessary({
              topics: [{ topic, partitions: [{ partition, offset: next(m.offset) }] }],
            })
            await heartbeat()
          }
        },
      }),
    })
  },
})

const plain = (context: AppContext, clientId: string, groupId: string, topic: string) => {
  const kafka = new Kafka({ clientId, brokers: context.brokers, logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId })
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) process.exit(1)
  })
  endUnlessItRejoins(consumer, () => process.exit(1))
  const start = async () => {
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record(P(topic, partition, message.offset), 'done')
      },
    })
  }
  return { consumer, start }
}
const s04 = defineScenario({
  ...base,
  name: 's04 two members of one group in one process',
  guarantee: atLeastOnce(),
  app: async (context: AppContext) => {
    const a = plain(context, `${context.instance}-a`, 'g', 'work'),
      b = plain(context, `${context.instance}-b`, 'g', 'work')
    process.once('SIGTERM', () => {
      Promise.all([a.consumer.disconnect(), b.consumer.disconnect()]).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    await Promise.all([a.start(), b.start()])
  },
})
const s04b = defineScenario({
  name: 's04b two groups on two topics in one process',
  topics: { work: { partitions: 2 }, mail: { partitions: 1 } },
  records: { work: 6, mail: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context: AppContext) => {
    const a = plain(context, context.instance, 'g1', 'work'),
      b = plain(context, context.instance, 'g2', 'mail')
    process.once('SIGTERM', () => {
      Promise.all([a.consumer.disconnect(), b.consumer.disconnect()]).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    await a.start()
    await b.start()
  },
})

const s06 = defineScenario({
  ...base,
  name: 's06 commits in a background interval with in-order tracking',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: (consumer) => {
        let tracks = new Map<string, { done: Set<bigint>; at: bigint; committed: bigint }>()
        consumer.on(consumer.events.GROUP_JOIN, () => {
          tracks = new Map()
        })
        const commit = async () => {
          const list = []
          for (const [key, t] of tracks) {
            while (t.done.has(t.at)) {
              t.done.delete(t.at)
              t.at += 1n
            }
            if (t.at > t.committed) {
              const [topic = '', partition] = key.split('/')
              list.push({ topic, partition: Number(partition), offset: String(t.at) })
              t.committed = t.at
            }
          }
          if (list.length > 0) await consumer.commitOffsets(list)
        }
        let committing = Promise.resolve()
        const commitDone = () => {
          committing = committing.catch(() => {}).then(commit)
          return committing
        }
        setInterval(() => {
          commitDone().catch(() => process.exit(1))
        }, 300)
        return {
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: async ({ batch, isRunning, isStale, resolveOffset, heartbeat }) => {
            const { topic, partition } = batch
            const mine = tracks
            const work = batch.messages.map(async (m, i) => {
              await sleep((i * 37) % 90)
              if (!isRunning() || isStale()) return
              await context.effects.record(P(topic, partition, m.offset), 'done')
              const key = `${topic}/${partition}`
              const t = mine.get(key) ?? {
                done: new Set<bigint>(),
                at: BigInt(batch.firstOffset() ?? 0),
                committed: BigInt(batch.firstOffset() ?? 0),
              }
              mine.set(key, t)
              t.done.add(BigInt(m.offset))
            })
            const first = `${topic}/${partition}`
            if (!mine.has(first))
              mine.set(first, {
                done: new Set(),
                at: BigInt(batch.firstOffset() ?? 0),
                committed: BigInt(batch.firstOffset() ?? 0),
              })
            await Promise.all(work)
            // It throws where a rebalance has begun: what is done by then would be done again.
            await commitDone()
            await heartbeat()
            if (isRunning() && !isStale()) for (const m of batch.messages) resolveOffset(m.offset)
          },
        }
      },
    }),
})

const s07 = defineScenario({
  ...base,
  name: 's07 makes a new client when its consumer crashes',
  guarantee: atLeastOnce(),
  app: async (context: AppContext) => {
    let current: Consumer | undefined
    const start = async (n: number): Promise<void> => {
      const kafka = new Kafka({
        clientId: `${context.instance}-${n}`,
        brokers: context.brokers,
        logLevel: logLevel.NOTHING,
      })
      const consumer = kafka.consumer({ groupId: 'g' })
      current = consumer
      let ended = false
      const again = () => {
        if (ended) return
        ended = true
        consumer
          .disconnect()
          .catch(() => {})
          .then(() =>
            setTimeout(() => {
              start(n + 1).catch(() => process.exit(1))
            }, 1_000),
          )
      }
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (!payload.restart) again()
      })
      endUnlessItRejoins(consumer, again)
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record(P(topic, partition, message.offset), 'done')
        },
      })
    }
    process.once('SIGTERM', () => {
      ;(current?.disconnect() ?? Promise.resolve()).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    await start(0)
  },
})

const s08 = defineScenario({
  ...base,
  name: 's08 exactly once by an idempotent key',
  guarantee: exactlyOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          for (let attempt = 0; ; attempt += 1) {
            try {
              await context.store.transaction(async (tx) => {
                const key = `${topic}-${partition}-${message.offset}`
                if (await tx.get('seen', key)) return
                await tx.put('seen', key, { at: Date.now() })
                tx.effect(P(topic, partition, message.offset), 'paid')
              })
              return
            } catch (error) {
              if (attempt === 5) throw error
              await later(100 * 2 ** attempt)
            }
          }
        },
      }),
    }),
})

const s09 = defineScenario({
  ...base,
  name: 's09 an own pool of workers in the process',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const bus = new EventEmitter()
    let free = 3
    const waiting: (() => void)[] = []
    const als = new AsyncLocalStorage<{ id: string }>()
    bus.on('job', async ({ target, done, fail }) => {
      if (free === 0) await new Promise<void>((ok) => waiting.push(ok))
      else free -= 1
      try {
        await als.run({ id: String(target.offset) }, async () => {
          await new Promise((ok) => setImmediate(ok))
          if (als.getStore()?.id !== String(target.offset)) throw new Error('lost the context')
          await context.effects.record(target, 'done')
        })
        done()
      } catch (e) {
        fail(e)
      } finally {
        const w = waiting.shift()
        if (w) w()
        else free += 1
      }
    })
    return startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        partitionsConsumedConcurrently: 2,
        eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
          await Promise.all(
            batch.messages.map(
              (m) =>
                new Promise((done, fail) =>
                  bus.emit('job', { target: P(batch.topic, batch.partition, m.offset), done, fail }),
                ),
            ),
          )
          resolveOffset(batch.lastOffset())
          await heartbeat()
        },
      }),
    })
  },
})

const s10 = defineScenario({
  ...base,
  name: 's10 at most once: commits first',
  guarantee: atMostOnce(),
  app: (context: AppContext) => {
    let stopping = false
    return startService(context, {
      group: 'g',
      topics: ['work'],
      onSigterm: (consumer) => {
        stopping = true
        consumer.disconnect().then(
          () => process.exit(0),
          () => process.exit(1),
        )
      },
      run: (consumer) => ({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          try {
            await consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }])
          } catch {
            process.exit(1)
          }
          // A refused commit is given up without a word where the consumer stops (museum, 1).
          if (stopping) throw new Error('stops before its work')
          try {
            await context.effects.record(P(topic, partition, message.offset), 'pushed')
          } catch {
            /* at most once: never again */
          }
        },
      }),
    })
  },
})

const s12 = defineScenario({
  ...base,
  name: 's12 retries in the handler with backoff and abort',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, heartbeat }) => {
          const stop = AbortSignal.timeout(20_000)
          for (let attempt = 0; !stop.aborted; attempt += 1) {
            try {
              await context.effects.record(P(topic, partition, message.offset), 'done')
              return
            } catch {
              await later(50 * 2 ** Math.min(attempt, 6), undefined, { signal: stop }).catch(() => {})
              await heartbeat()
            }
          }
          throw new Error('gave up')
        },
      }),
    }),
})

const s13 = defineScenario({
  ...base,
  name: 's13 whole batches in parallel, resolved at the end',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, uncommittedOffsets }) => {
          await Promise.all(
            batch.messages.map((m) =>
              context.effects.record(P(batch.topic, batch.partition, m.offset), 'done'),
            ),
          )
          resolveOffset(batch.lastOffset())
          await commitOffsetsIfNecessary(uncommittedOffsets())
        },
      }),
    }),
})

const s14 = defineScenario({
  name: 's14 a retry topic',
  topics: { work: { partitions: 1 }, retry: { partitions: 1 } },
  records: { work: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work', 'retry'],
      run: async (_consumer, kafka) => {
        const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
        await producer.connect()
        return {
          eachMessage: async ({ topic, partition, message }) => {
            if (topic === 'work' && Number(message.offset) % 3 === 2) {
              await producer.send({ topic: 'retry', messages: [{ key: message.key, value: message.value }] })
              return
            }
            await context.effects.record(P(topic, partition, message.offset), 'done')
          },
        }
      },
    }),
})

const s16 = defineScenario({
  ...base,
  name: 's16 filters half of the records, and says so',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          if (Number(message.offset) % 2 === 1)
            return context.effects.skip(P(topic, partition, message.offset), 'not for us')
          await context.effects.record(P(topic, partition, message.offset), 'done')
        },
      }),
    }),
})

const s21 = defineScenario({
  ...base,
  name: 's21 every third message commits, the rest at the end',
  guarantee: atLeastOnce(),
  app: (context: AppContext) => {
    const last = new Map<string, { topic: string; partition: number; offset: string }>()
    let n = 0
    return startService(context, {
      group: 'g',
      topics: ['work'],
      onSigterm: (consumer) => {
        consumer
          .stop()
          .then(() => consumer.commitOffsets([...last.values()]))
          .catch(() => {})
          .then(() => consumer.disconnect())
          .then(
            () => process.exit(0),
            () => process.exit(1),
          )
      },
      run: (consumer) => {
        consumer.on(consumer.events.REBALANCING, () => last.clear())
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            await context.effects.record(P(topic, partition, message.offset), 'done')
            last.set(`${topic}/${partition}`, { topic, partition, offset: next(message.offset) })
            if (++n % 3 === 0) {
              const list = [...last.values()]
              last.clear()
              await consumer.commitOffsets(list)
            }
          },
        }
      },
    })
  },
})

const s22 = defineScenario({
  ...base,
  name: 's22 offset and partition as numbers and BigInts in effects',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const n = Number(message.offset)
          await context.effects.record(
            { topic, partition, offset: n % 3 === 0 ? n : n % 3 === 1 ? BigInt(n) : message.offset },
            'done',
          )
        },
      }),
    }),
})

const s23 = defineScenario({
  ...base,
  name: 's23 sync handler, effects by handler only',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: () => ({
        eachMessage: async () => {
          for (let i = 0; i < 1000; i += 1) Math.sqrt(i)
        },
      }),
    }),
})

const s24 = defineScenario({
  ...base,
  name: 's24 debounced latest value per key (compaction in memory), all acknowledged after flush',
  guarantee: atLeastOnce(),
  app: (context: AppContext) =>
    startService(context, {
      group: 'g',
      topics: ['work'],
      run: (consumer) => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, isRunning, isStale }) => {
          const latest = new Map<string, string>()
          for (const m of batch.messages) {
            const k = String(m.key)
            const old = latest.get(k)
            if (old !== undefined) context.effects.skip(P(batch.topic, batch.partition, old), 'superseded')
            latest.set(k, m.offset)
          }
          if (!isRunning() || isStale()) return
          for (const offset of latest.values())
            await context.effects.record(P(batch.topic, batch.partition, offset), 'indexed')
          resolveOffset(batch.lastOffset())
          await consumer.commitOffsets([
            { topic: batch.topic, partition: batch.partition, offset: next(batch.lastOffset()) },
          ])
        },
      }),
    }),
})

/** Correct consumers in unusual style: each must hold. */
export default [
  s01,
  s02,
  s03,
  s04,
  s04b,
  s06,
  s07,
  s08,
  s09,
  s10,
  s12,
  s13,
  s14,
  s16,
  s21,
  s22,
  s23,
  s24,
] satisfies readonly Scenario[]
