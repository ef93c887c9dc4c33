import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scheduleArbitrary } from './arbitrary.ts'
import { fakeScenario } from './testing/fake-scenario.ts'

describe('schedules in a property of one’s own', () => {
  it('find a defect, and are shrunk by our moves', async () => {
    const prepared = fakeScenario({
      defect: ({ events, schedule }) =>
        schedule.workload.records.length >= 2 &&
        events.some((event) => event.kind === 'fault' && event.fault.kind === 'crash')
          ? 'lost-record'
          : null,
    })
    const schedules = await scheduleArbitrary(prepared)
    const holds = fc.asyncProperty(schedules, async (schedule) => {
      const { verdict } = await prepared.run(schedule)
      return verdict.verdict === 'held'
    })
    const { failed, counterexample } = await fc.check(holds, { seed: 1, numRuns: 500 })
    expect(failed).toBe(true)
    const [schedule] = counterexample ?? []
    expect(schedule?.faults.map(({ kind }) => kind)).toEqual(['crash'])
    expect(schedule?.holds).toEqual([])
    expect(schedule?.workload.records).toHaveLength(2)
    expect(schedule?.workload.consumers).toBe(1)
  })

  it('are replayed by fast-check’s seed and path', async () => {
    const prepared = fakeScenario()
    const schedules = await scheduleArbitrary(prepared)
    const passes = fc.asyncProperty(schedules, async ({ faults }) => faults.length < 2)
    const first = await fc.check(passes, { seed: 5, numRuns: 500 })
    expect(first.failed).toBe(true)
    const replay = { seed: 5, path: first.counterexamplePath ?? '', endOnFailure: true }
    const again = await fc.check(
      fc.asyncProperty(await scheduleArbitrary(prepared), async ({ faults }) => faults.length < 2),
      replay,
    )
    expect(again.counterexample).toEqual(first.counterexample)
  })

  it('are the same for the same fast-check seed, whatever was drawn before', async () => {
    const schedules = await scheduleArbitrary(fakeScenario())
    const first = fc.sample(schedules, { seed: 3, numRuns: 50 })
    fc.sample(schedules, { seed: 4, numRuns: 50 })
    expect(fc.sample(schedules, { seed: 3, numRuns: 50 })).toEqual(first)
  })

  it('vary their records, where the scenario draws them', async () => {
    const base = fakeScenario()
    const prepared = {
      ...base,
      workload: (seed: string) => {
        const workload = base.workload(seed)
        return { ...workload, records: workload.records.map((record) => ({ ...record, value: seed })) }
      },
    }
    const schedules = fc.sample(await scheduleArbitrary(prepared, { strategy: 'random' }), {
      seed: 1,
      numRuns: 50,
    })
    const values = schedules.flatMap(({ workload }) => workload.records.map(({ value }) => value))
    expect(new Set(values).size).toBeGreaterThan(10)
  })
})
