import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext } from '../core/scenario.ts'
import { Consumer } from '../poll-loop/index.ts'
import { prepareScenario } from '../scenario/prepare.ts'

const RUNS = 20
/** The least of several counts: while V8 compiles, its own work is kept, too. */
const ROUNDS = 10
/** Some 10 of the megabyte that a run makes; where one function holds a world, 180. */
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

it('a run that has ended is garbage for a young collection', async () => {
  const prepared = await prepareScenario(
    {
      name: 'work',
      topics: { work: { partitions: 1 } },
      records: { work: 4 },
      consumers: 1,
      app: readAndCommit,
      guarantee: atLeastOnce(),
    },
    { file: import.meta.filename },
  )
  setFlagsFromString('--expose-gc')
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
