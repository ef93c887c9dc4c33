import { describe, expect, it, vi } from 'vitest'
import { RunStopped } from '../core/errors.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { type SearchOptions, type SearchOutcome, search } from './search.ts'
import { type FakeOptions, type FakeRun, fakeScenario } from './testing/fake-scenario.ts'

function searched(prepared: PreparedScenario, options: Partial<SearchOptions> = {}): Promise<SearchOutcome> {
  return search(prepared, { seed: 'a', runs: 200, strategy: 'portfolio', ...options })
}

/** A crash between a commit and its acknowledgement loses a record, if there are three. */
function losesRecord({ schedule, events }: FakeRun): boolean {
  return (
    schedule.workload.records.length >= 3 &&
    events.some(
      (event) =>
        event.kind === 'fault' &&
        event.fault.kind === 'crash' &&
        'event' in event.fault.at &&
        event.fault.at.event.endsWith('OffsetCommit#1 applied'),
    )
  )
}

const BROKEN: FakeOptions = { defect: (run) => (losesRecord(run) ? 'lost-record' : null) }

/** Two defects: one shows itself after a crash, the other after any stall. */
const TWO: FakeOptions = {
  defect(run) {
    if (losesRecord(run)) return 'lost-record'
    const stalled = run.events.some((event) => event.kind === 'fault' && event.fault.kind === 'pause')
    return stalled ? 'duplicate-effect' : null
  },
}

describe('a scenario that is broken', () => {
  it('is violated, with what was found and what is left of it', async () => {
    const outcome = await searched(fakeScenario(BROKEN))
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    expect(outcome.finding.property).toBe('lost-record')
    expect(outcome.result.verdict.verdict).toBe('violated')
    expect(outcome.foundAfterRuns).toBe(outcome.runs)
    const { schedule, oneMinimal, repeatable } = outcome.shrunk
    expect({ oneMinimal, repeatable }).toEqual({ oneMinimal: true, repeatable: true })
    expect(schedule.faults).toHaveLength(1)
    expect(schedule.workload.records).toHaveLength(3)
  })

  it.each([
    ['portfolio', 300],
    ['sweep', 100],
    ['random', 2_000],
    ['pct', 5_000],
    ['swarm', 5_000],
  ] as const)('is found by %s with each of four seeds, in %i runs', async (strategy, runs) => {
    for (let seed = 0; seed < 4; seed += 1) {
      const outcome = await searched(fakeScenario(BROKEN), { seed: `seed-${seed}`, runs, strategy })
      expect(outcome.outcome).toBe('violated')
    }
  })

  it('is violated at once, where it fails without any fault', async () => {
    const outcome = await searched(fakeScenario({ defect: () => 'stuck-partition' }))
    expect(outcome).toMatchObject({ outcome: 'violated', foundAfterRuns: 1, strategy: 'fault-free' })
  })

  it('is violated, although other runs could not be decided', async () => {
    const outcome = await searched(fakeScenario({ ...BROKEN, otherwise: 'undecided' }))
    expect(outcome.outcome).toBe('violated')
  })

  it('is shrunk not at all, where no runs are given for it', async () => {
    const outcome = await searched(fakeScenario(BROKEN), { shrinkRuns: 0 })
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    expect(outcome.shrunk.schedule).toEqual(outcome.schedule)
  })
})

describe('a search for several findings', () => {
  it('gives each defect once, the worst first, and goes on for as many as it was asked', async () => {
    const outcome = await searched(fakeScenario(TWO), { findingsMax: 5 })
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    const all = [outcome, ...outcome.others]
    expect(all.map(({ finding }) => finding.property)).toEqual(['lost-record', 'duplicate-effect'])
    expect(all.map(({ shrunk }) => shrunk.oneMinimal)).toEqual([true, true])
    expect(all.map(({ shrunk }) => shrunk.schedule.faults.length)).toEqual([1, 1])
    expect(outcome.runs).toBe(200)
    const both = await searched(fakeScenario(TWO), { findingsMax: 2 })
    expect(both.runs).toBeLessThan(200)
    const one = await searched(fakeScenario(TWO))
    expect(one).toMatchObject({ outcome: 'violated', others: [] })
  })

  it('tries known schedules first, all of them, and then the same as without them', async () => {
    const found = await searched(fakeScenario(TWO), { findingsMax: 2 })
    if (found.outcome !== 'violated') throw new Error(`the outcome is ${found.outcome}`)
    const known = [found, ...found.others].map(({ shrunk, finding }) => ({
      schedule: shrunk.schedule,
      property: finding.property,
    }))
    const again = await searched(fakeScenario(TWO), { known })
    expect(again).toMatchObject({ outcome: 'violated', runs: 0, knownTried: ['fails', 'fails'] })
    expect(again).toMatchObject({ strategy: 'known', finding: { property: 'lost-record' } })

    const [holds, plain] = [fakeScenario(), fakeScenario()]
    expect(await searched(holds, { known })).toMatchObject({
      outcome: 'held',
      knownTried: ['passes', 'passes'],
    })
    await searched(plain)
    expect(holds.runs.slice(2)).toEqual(plain.runs)
  })
})

describe('a search that ends early', () => {
  it('still reports what was known and fails, where the time is up among the others', async () => {
    const found = await searched(fakeScenario(TWO), { findingsMax: 2 })
    if (found.outcome !== 'violated') throw new Error(`the outcome is ${found.outcome}`)
    const known = [found, ...found.others].map(({ shrunk, finding }) => ({
      schedule: shrunk.schedule,
      property: finding.property,
    }))
    const stop = new AbortController()
    const third = { schedule: found.schedule, property: found.finding.property }
    const prepared = fakeScenario(TWO)
    const stopping: PreparedScenario = {
      ...prepared,
      run(schedule) {
        if (schedule !== third.schedule) return prepared.run(schedule)
        stop.abort()
        return Promise.reject(new RunStopped())
      },
    }
    const options = { known: [...known, third], signal: stop.signal, findingsMax: 2 }
    const outcome = await searched(stopping, options)
    expect(outcome).toMatchObject({ outcome: 'violated', knownTried: ['fails', 'fails'], cutShort: null })
    expect(outcome.outcome === 'violated' && outcome.others).toHaveLength(1)
  })

  it('keeps what it has found, where something goes wrong later', async () => {
    const prepared = fakeScenario(BROKEN)
    const failing: PreparedScenario = {
      ...prepared,
      run(schedule) {
        const late = prepared.runs.length > 150
        return late ? Promise.reject(new Error('a worker ended')) : prepared.run(schedule)
      },
    }
    const outcome = await searched(failing, { findingsMax: 2 })
    expect(outcome).toMatchObject({ outcome: 'violated', others: [], cutShort: 'a worker ended' })
    await expect(searched(failing, { findingsMax: 2 })).rejects.toThrow('a worker ended')
  })
})

describe('a defect that takes a detour and a hand-over behind it', () => {
  /** A refused effect, and a crash of the same process once it has gone on. */
  const ASTRAY: FakeOptions = {
    defect({ schedule }) {
      const [first, second] = schedule.faults
      if (first?.kind !== 'effect-error' || second?.kind !== 'crash' || !('event' in second.at)) return null
      return second.at.event.startsWith('consumer-0 OffsetCommit#') ? 'lost-record' : null
    },
  }

  it('is found by the portfolio with each of five seeds, in 500 runs', async () => {
    for (let seed = 0; seed < 5; seed += 1) {
      const outcome = await searched(fakeScenario(ASTRAY), { seed: `seed-${seed}`, runs: 500 })
      expect(outcome.outcome).toBe('violated')
    }
  })

  it('is told to be tried as a whole, where pairs are all that is tried', async () => {
    const { coverage } = await searched(fakeScenario(), { strategy: 'pairs', runs: 5_000 })
    const { detours, pairs } = coverage.pairs ?? {}
    expect(detours?.done).toBe(detours?.total)
    expect(detours?.total).toBeGreaterThan(10)
    expect(pairs?.done).toBe(pairs?.total)
    expect(pairs?.total).toBeGreaterThan(100)
  })
})

describe('a scenario that holds', () => {
  it('holds after all runs, each of them counted to its strategy', async () => {
    const outcome = await searched(fakeScenario())
    expect(outcome).toMatchObject({ outcome: 'held', runs: 200, interrupted: false })
    const { runsByStrategy } = outcome.coverage
    expect(Object.values(runsByStrategy).reduce((sum, runs) => sum + runs, 0)).toBe(200)
    expect(Object.keys(runsByStrategy).toSorted()).toEqual([
      'deviations',
      'fault-free',
      'pairs',
      'pct',
      'random',
      'swarm',
      'sweep',
    ])
  })

  it('is searched the same way with the same seed', async () => {
    const [one, other] = [fakeScenario(), fakeScenario()]
    await searched(one)
    await searched(other)
    expect(one.runs).toEqual(other.runs)
  })

  it('is swept to the end, when the runs are enough', async () => {
    const { coverage } = await searched(fakeScenario({ kinds: ['crash', 'pause'] }), { strategy: 'sweep' })
    expect(coverage.sweep.total).toBeGreaterThan(100)
    expect(coverage.sweep.done).toBe(coverage.sweep.total)
    expect(coverage.never.filter((sentence) => sentence.includes('single faults'))).toEqual([])
  })

  it('has its first run and one of 256 repeated', async () => {
    const prepared = fakeScenario()
    const { coverage } = await searched(prepared, { runs: 600 })
    expect(coverage.selfChecks).toBe(3)
    expect(prepared.runs).toHaveLength(603)
  })

  it('ends when the strategy has nothing left', async () => {
    const outcome = await searched(fakeScenario({ kinds: [] }), { strategy: 'sweep' })
    expect(outcome).toMatchObject({ outcome: 'held', runs: 1, interrupted: false })
  })
})

describe('a scenario that cannot be decided', () => {
  it('is undecided, for the reason that its checker gave', async () => {
    const outcome = await searched(fakeScenario({ otherwise: 'undecided' }))
    expect(outcome).toMatchObject({
      outcome: 'undecided',
      reason: 'lost-record: the fake cannot say',
      runs: 200,
    })
  })
})

describe('a scenario that does not repeat', () => {
  it('is nondeterministic: the first event that differs is named, with both values', async () => {
    const outcome = await searched(fakeScenario({ leak: (run) => `attempt ${run}` }))
    if (outcome.outcome !== 'nondeterministic') throw new Error(`the outcome is ${outcome.outcome}`)
    const { event, first, second } = outcome.firstDifference
    expect(event).toBe('consumer-0 effect orders/0@0')
    expect(first).toContain('attempt 1')
    expect(second).toContain('attempt 2')
    expect(outcome.difference).toMatch(/'consumer-0 effect orders\/0@0', was .*attempt 1.* and .*attempt 2.*/)
  })

  it('is nondeterministic and not violated, where the run that failed is the one that differs', async () => {
    const leak = (run: number): string => (run > 10 ? `attempt ${run}` : 'saved')
    const defect = ({ begun, events }: FakeRun): 'lost-record' | null =>
      begun.size > 0 && events.some((event) => event.kind === 'effect' && event.label !== 'saved')
        ? 'lost-record'
        : null
    const outcome = await searched(fakeScenario({ leak, defect }))
    expect(outcome.outcome).toBe('nondeterministic')
  })
})

describe('a search that is told to stop', () => {
  it('ends with what was done', async () => {
    const stop = new AbortController()
    const outcome = await searched(fakeScenario(), {
      signal: stop.signal,
      onProgress: ({ runs }) => {
        if (runs === 20) stop.abort()
      },
    })
    expect(outcome).toMatchObject({ outcome: 'held', runs: 20, interrupted: true })
  })

  it('does nothing, when it is told so before it begins', async () => {
    const prepared = fakeScenario()
    const outcome = await searched(prepared, { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ outcome: 'held', runs: 0, interrupted: true })
    expect(prepared.runs).toEqual([])
  })

  it('still reports the violation, when it is told so while it shrinks', async () => {
    const stop = new AbortController()
    const outcome = await searched(fakeScenario(BROKEN), {
      signal: stop.signal,
      onProgress: ({ phase }) => {
        if (phase === 'shrinking') stop.abort()
      },
    })
    expect(outcome).toMatchObject({ outcome: 'violated', shrunk: { runs: 1, oneMinimal: false } })
  })

  it('leaves to shrinking what is left of the time', async () => {
    let nowMs = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const outcome = await searched(fakeScenario(BROKEN), {
      timeMs: 1_000,
      onProgress: ({ phase }) => {
        if (phase === 'shrinking') nowMs += 400
      },
    })
    clock.mockRestore()
    expect(outcome).toMatchObject({ outcome: 'violated', shrunk: { runs: 3, oneMinimal: false } })
  })

  it('ends whenever the time is up, while it draws too', async () => {
    for (let timeMs = 30; timeMs < 50; timeMs += 1) {
      let nowMs = 0
      const clock = (): number => {
        nowMs += 1
        if (nowMs > 10_000) throw new Error('the search does not end')
        return nowMs
      }
      const outcome = await searched(fakeScenario(), { runs: 1_000, timeMs, nowMs: clock })
      expect(outcome).toMatchObject({ outcome: 'held', interrupted: true })
    }
  })

  it('ends when the time is up', async () => {
    const outcome = await searched(fakeScenario(), { runs: 1_000_000, timeMs: 50 })
    expect(outcome).toMatchObject({ outcome: 'held', interrupted: true })
  })
})
