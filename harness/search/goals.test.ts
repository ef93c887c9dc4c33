import { describe, expect, it } from 'vitest'
import type { FaultKind } from '../core/fault.ts'
import type { HistoryEvent } from '../core/history.ts'
import { search } from './search.ts'
import { type FakeOptions, fakeScenario } from './testing/fake-scenario.ts'

/** The kinds of the faults so far hold these, in this order. */
function struck(events: readonly HistoryEvent[], kinds: readonly FaultKind[]): boolean {
  let next = 0
  for (const event of events) if (event.kind === 'fault' && event.fault.kind === kinds[next]) next += 1
  return next >= kinds.length
}

const STALLED: readonly FaultKind[] = ['pause']
const CUT: readonly FaultKind[] = [...STALLED, 'link-cut']
const GONE: readonly FaultKind[] = [...CUT, 'leave']

/** Three faults in this order, none of which shows anything alone. */
const DEEP: FakeOptions = { defect: ({ events }) => (struck(events, GONE) ? 'lost-record' : null) }
const SEEN: FakeOptions = {
  ...DEEP,
  goals: ({ events }) => [
    ...(struck(events, STALLED) ? ['a stall'] : []),
    ...(struck(events, CUT) ? ['cut off behind a stall'] : []),
  ],
}

async function foundAfter(options: FakeOptions, seed: string): Promise<number> {
  const runs = { runs: 600, strategy: 'portfolio', shrinkRuns: 0, selfCheckEvery: 0 }
  const outcome = await search(fakeScenario(options), { seed, ...runs })
  return outcome.outcome === 'violated' ? outcome.foundAfterRuns : Number.POSITIVE_INFINITY
}

describe('a search whose app says what is worth seeing', () => {
  it('goes on from there: three faults in order are found sooner with each of three seeds', async () => {
    for (const seed of ['1', '2', '3']) {
      const [seen, unseen] = [await foundAfter(SEEN, seed), await foundAfter(DEEP, seed)]
      expect(seen).toBeLessThan(unseen)
    }
  })

  it('tries the same schedules as without, until a goal is reached', async () => {
    const never = fakeScenario({ goals: () => [] })
    const plain = fakeScenario()
    for (const prepared of [never, plain]) {
      await search(prepared, { seed: 'a', runs: 200, strategy: 'portfolio' })
    }
    expect(never.runs).toEqual(plain.runs)
  })

  it('passes over a goal that every run reaches', async () => {
    const always = fakeScenario({ goals: () => ['it began'] })
    const plain = fakeScenario()
    for (const prepared of [always, plain]) {
      await search(prepared, { seed: 'a', runs: 200, strategy: 'portfolio' })
    }
    expect(always.runs).toEqual(plain.runs)
  })

  it('keeps the faults that led to the goal, and puts the next behind it', async () => {
    const prepared = fakeScenario(SEEN)
    const outcome = await search(prepared, { seed: '1', runs: 200, strategy: 'portfolio', shrinkRuns: 0 })
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    expect(outcome.strategy).toBe('goals')
    expect(outcome.schedule.faults.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...GONE]))
  })
})
