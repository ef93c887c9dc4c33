import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { baseSchedule } from '../../search/arbitrary.ts'
import { type SearchOutcome, search } from '../../search/search.ts'
import { oneRunAtATime } from '../turn.ts'
import { WorkerPool } from './pool.ts'

const PAIR_OF_FAULTS = path.resolve(
  import.meta.dirname,
  '../../../scenarios/mutants/m40-pause-outlives-rebalance/kafkajs.ts',
)
const COMMITS_AFTER = path.resolve(import.meta.dirname, '../testing/commits-after.scenario.ts')
const LOOPS = path.resolve(import.meta.dirname, '../testing/loops-on-workers.scenario.ts')
const pools: WorkerPool[] = []

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

interface PoolCase {
  readonly prepared: PreparedScenario
  readonly address: { readonly file: string; readonly name: string }
}

async function caseOf(file: string): Promise<PoolCase> {
  const [loaded] = await loadScenarioFile(file)
  if (loaded === undefined) throw new Error(`${file} has no scenario`)
  const prepared = await prepareScenario(loaded.scenario, { file })
  return { prepared, address: { file, name: prepared.name } }
}

/** All of an outcome that is not time. */
function timeless(outcome: SearchOutcome): unknown {
  const text = JSON.stringify({ ...outcome, durationMs: 0 }, (key, value: unknown) => {
    if (key === 'durationMs' || key === 'wallMs') return 0
    return typeof value === 'bigint' ? String(value) : value
  })
  return JSON.parse(text)
}

async function poolOf({ prepared, address }: PoolCase, jobs: number): Promise<WorkerPool> {
  const pool = new WorkerPool({ prepared, address, jobs, trials: Number.POSITIVE_INFINITY })
  pools.push(pool)
  await pool.start()
  return pool
}

describe('the outcome of a search', () => {
  it('does not depend on how many threads run the schedules', async () => {
    const options = { seed: '7', runs: 16, strategy: 'portfolio', findingsMax: 2 }
    const each = await caseOf(COMMITS_AFTER)
    const alone = timeless(await search(each.prepared, options))
    expect(alone).toMatchObject({ outcome: 'held' })
    const runner = await poolOf(each, 3)
    expect(timeless(await search(each.prepared, { ...options, runner }))).toEqual(alone)
  })
})

describe('a search that ends in the middle of its pairs', () => {
  it('tells of the turns that count, and of none that workers have begun beyond them', async () => {
    const options = { seed: '2', runs: 600, strategy: 'portfolio', shrinkRuns: 0 }
    const each = await caseOf(PAIR_OF_FAULTS)
    const alone = timeless(await search(each.prepared, options))
    expect(alone).toMatchObject({ outcome: 'violated' })
    const runner = await poolOf(each, 2)
    expect(timeless(await search(each.prepared, { ...options, runner }))).toEqual(alone)
  })
})

describe('a trial whose worker loops', () => {
  it('is run here, and one at a time, while another worker takes the place', async () => {
    const { prepared, address } = await caseOf(LOOPS)
    let [here, most] = [0, 0]
    const counted = oneRunAtATime({
      ...prepared,
      async run(schedule, options) {
        here += 1
        most = Math.max(most, here)
        return await prepared.run(schedule, options).finally(() => (here -= 1))
      },
    })
    const pool = { prepared: counted, address, jobs: 2, trials: 2 }
    const runner = new WorkerPool({ ...pool, silentMsMax: 300 })
    pools.push(runner)
    await runner.start()
    const trial = { schedule: baseSchedule(prepared, '1'), selfCheck: false, learn: false, reached: [] }
    const [first, other] = await Promise.all([runner.try(trial), runner.try(trial)])
    expect(first.verdict.verdict).toBe('held')
    expect(other).toEqual(first)
    expect(most).toBe(1)
  })
})

describe('a scenario that a worker cannot prepare', () => {
  it('is an error of the search, in the words that were found for it', async () => {
    const { prepared, address } = await caseOf(COMMITS_AFTER)
    const runner = await poolOf({ prepared, address: { ...address, name: 'gone' } }, 2).catch(String)
    expect(runner).toMatch(/commits-after.scenario.ts no longer exports a scenario named 'gone'/)
  })
})

describe('workers', () => {
  it.each([
    { trials: 363, starts: 0 },
    { trials: 364, starts: 1 },
  ])('are started $starts times at the 65th of $trials trials', async ({ trials, starts }) => {
    const { prepared, address } = await caseOf(COMMITS_AFTER)
    const runner = new WorkerPool({ prepared, address, jobs: 2, trials })
    const start = vi.spyOn(runner, 'start').mockResolvedValue()
    const trial = { schedule: baseSchedule(prepared, '1'), selfCheck: false, learn: false, reached: [] }
    for (let tried = 0; tried < 64; tried += 1) await runner.try(trial)
    expect(start).not.toHaveBeenCalled()
    await runner.try(trial)
    expect(start).toHaveBeenCalledTimes(starts)
  })
})
