import { describe, expect, it } from 'vitest'
import type { Fault } from '../core/fault.ts'
import type { Schedule } from '../core/schedule.ts'
import { necessary } from './necessary.ts'
import { fakeScenario, fakeWorkload } from './testing/fake-scenario.ts'

const crash: Fault = {
  kind: 'crash',
  target: 'consumer-0',
  at: { event: 'consumer-0 OffsetCommit#1 applied' },
  restartMs: 1_000,
}
const reset: Fault = {
  kind: 'link-reset',
  target: 'consumer-0~broker-0',
  at: { event: 'consumer-0 Fetch#1 sent' },
}
const schedule: Schedule = { seed: '0', workload: fakeWorkload({}), faults: [crash, reset], holds: [] }

describe('what a violation needs', () => {
  it('is the fault without which it does not happen, and from which on it always does', async () => {
    const prepared = fakeScenario({ defect: ({ begun }) => (begun.size === 2 ? 'lost-record' : null) })
    const needs = await necessary(prepared, { schedule, result: await prepared.run(schedule) }, 'lost-record')
    expect(needs.faults.map(({ needed }) => needed)).toEqual([true, true])
    expect(needs.prefixes.map(({ failed }) => failed)).toEqual([0, 0, 8])
    expect(needs.inevitableFrom).toMatch(/^crash consumer-0 after/)
  })

  it('is no fault that could as well be missing', async () => {
    const prepared = fakeScenario({
      defect: ({ events }) =>
        events.some((event) => event.kind === 'fault' && event.fault.kind === 'link-reset')
          ? 'lost-record'
          : null,
    })
    const needs = await necessary(prepared, { schedule, result: await prepared.run(schedule) }, 'lost-record')
    expect(needs.faults.map(({ needed }) => needed)).toEqual([false, true])
    expect(needs.inevitableFrom).toMatch(/^reset the connections/)
  })

  it('depends on the timing, where other seeds do not fail', async () => {
    const prepared = fakeScenario({ defect: (run) => (run.schedule.seed === '0' ? 'lost-record' : null) })
    const needs = await necessary(prepared, { schedule, result: await prepared.run(schedule) }, 'lost-record')
    expect(needs.inevitableFrom).toBeNull()
  })
})
