import { describe, expect, it } from 'vitest'
import type { Coverage } from '../core/result.ts'
import { search } from './search.ts'
import { isOwn, ownRuns, type Shard } from './shard.ts'
import { type FakeOptions, fakeScenario } from './testing/fake-scenario.ts'
import { tryOut } from './trial.ts'

/** An app that says that a stall is worth seeing. */
const STALLED: FakeOptions = {
  goals: ({ events }) =>
    events.some((event) => event.kind === 'fault' && event.fault.kind === 'pause') ? ['a stall'] : [],
}

describe('the parts of a search', () => {
  it('are disjoint, and all of it but for the fault-free run, which is in each', () => {
    for (const [runs, of] of [
      [100, 3],
      [7, 5],
      [3, 8],
      [1, 2],
    ] as const) {
      const parts = Array.from({ length: of }, (_, index) => ({ index: index + 1, of }))
      const numbers = parts.map((shard) =>
        Array.from({ length: runs }, (_, number) => number).filter((number) => isOwn(number, shard)),
      )
      expect(numbers.map((own) => own.length)).toEqual(parts.map((shard) => ownRuns(runs, shard)))
      expect(numbers.flat().filter((number) => number > 0)).toHaveLength(runs - 1)
      expect(numbers.every(([first]) => first === 0)).toBe(true)
    }
  })

  it('sweep all that one search sweeps, once', async () => {
    const options = { seed: '1', strategy: 'sweep', runs: 600, selfCheckEvery: 0 }
    const scheduleTexts = async (shard?: { index: number; of: number }): Promise<string[]> => {
      const texts: string[] = []
      const prepared = fakeScenario()
      const { run } = prepared
      const watched = {
        ...prepared,
        run: (...args: Parameters<typeof run>) => {
          texts.push(JSON.stringify(args[0].faults))
          return run(...args)
        },
      }
      const outcome = await search(watched, { ...options, shard })
      expect(outcome.outcome).toBe('held')
      expect(outcome.runs).toBe(ownRuns(options.runs, shard))
      return texts.slice(2)
    }
    const alone = await scheduleTexts()
    const parts = await Promise.all([1, 2, 3].map((index) => scheduleTexts({ index, of: 3 })))
    expect(parts.flat().toSorted()).toEqual(alone.toSorted())
  })

  it('each follow all strategies as one search does', async () => {
    const options = { seed: '1', strategy: 'portfolio', runs: 450, selfCheckEvery: 0 }
    const runsOf = async (shard?: Shard): Promise<Coverage['runsByStrategy']> =>
      (await search(fakeScenario(STALLED), { ...options, shard })).coverage.runsByStrategy
    const alone = await runsOf()
    const parts = await Promise.all([1, 2, 3].map((index) => runsOf({ index, of: 3 })))
    for (const name of ['sweep', 'pairs', 'random', 'pct', 'swarm', 'deviations', 'goals'])
      for (const part of parts) {
        expect(part[name], name).toBeGreaterThan((alone[name] ?? 0) / 3 / 2)
        expect(part[name], name).toBeLessThan(((alone[name] ?? 0) / 3) * 2)
      }
  })

  it('try the same schedules, however many of them at once', async () => {
    const triedWith = async (width: number): Promise<readonly unknown[]> => {
      const prepared = fakeScenario(STALLED)
      const tried: unknown[] = []
      const runner = {
        width,
        try: (trial: Parameters<typeof tryOut>[1]) => {
          tried.push(trial.schedule)
          return tryOut(prepared, trial)
        },
      }
      const options = { seed: '1', strategy: 'portfolio', runs: 600, selfCheckEvery: 0 }
      await search(prepared, { ...options, shard: { index: 1, of: 4 }, runner })
      return tried
    }
    expect(await triedWith(16)).toEqual(await triedWith(1))
  })
})
