import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext } from '../core/scenario.ts'
import { Consumer } from '../poll-loop/index.ts'
import { prepareScenario } from '../scenario/prepare.ts'

const RUNS = 20
/** The least of several counts: while V8 compiles, its own work is kept, too. */
const ROUNDS = 10
/** Some 10 to 30 of the megabytes that a run makes; where a function holds it, 180 and more. */
const KEPT_KB_MAX = 60

async function readAndCommit(context: AppContext): Promise<void> {
  const consumer = new Consumer({
    'bootstrap.servers': context.brokers,
    'group.id': 'workers',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
  })
  consumer.subscribe(['work'])
  for (;;) {
    const records = await consumer.poll(1_000)
    for (const record of records) await context.effects.record(record, 'done')
    if (!records.isEmpty) await consumer.commitSync()
  }
}

async function eachMessage({ brokers, effects }: AppContext): Promise<void> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'workers' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['work'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message: { offset } }) => {
      await effects.record({ topic, partition, offset: BigInt(offset) }, 'done')
    },
  })
}

it.each([
  { client: 'a poll loop', app: readAndCommit },
  { client: 'kafkajs', app: eachMessage },
])('a run of $client that has ended is garbage for a young collection', async ({ app }) => {
  const prepared = await prepareScenario(
    {
      name: 'work',
      topics: { work: { partitions: 1 } },
      records: { work: 4 },
      consumers: 1,
      app,
      guarantee: atLeastOnce(),
    },
    { file: import.meta.filename },
  )
  setFlagsFromString('--expose-gc')
  // Whatever outlives most of the collections between ten runs, V8 comes to make among the old.
  setFlagsFromString('--no-allocation-site-pretenuring')
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void
  const workload = prepared.workload('garbage')
  const runAll = async (): Promise<void> => {
    for (let run = 1; run <= RUNS; run += 1) {
      await prepared.run({ seed: `g${run}`, workload, faults: [], holds: [] })
      if (run % 10 === 0) collect({ type: 'minor' })
    }
    collect({ type: 'minor' })
  }
  await runAll()
  const keptKb: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    collect()
    const before = process.memoryUsage().heapUsed
    await runAll()
    keptKb.push((process.memoryUsage().heapUsed - before) / 1024 / RUNS)
  }
  expect(Math.min(...keptKb)).toBeLessThan(KEPT_KB_MAX)
})
