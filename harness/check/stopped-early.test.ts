import path from 'node:path'
import { expect, it } from 'vitest'
import type { ScenarioResult } from '../core/result.ts'
import { checkScenario } from './check.ts'
import commitsAfter from './testing/commits-after.scenario.ts'

/** Its run without faults has many events; `nowMs` is asked in the middle of it. */
function check(nowMs: () => number, more: object): Promise<ScenarioResult> {
  const file = path.resolve(import.meta.dirname, 'testing/commits-after.scenario.ts')
  const scenario = { ...commitsAfter, records: { orders: 400 } }
  const settings = {
    seed: '1',
    runs: 1,
    strategy: 'portfolio',
    corpus: false,
    out: '/nowhere',
    nowMs,
    ...more,
  }
  return checkScenario({ scenario, file }, settings)
}

it('a time limit is kept in the run without faults', async () => {
  let now = 0
  const result = await check(() => now++, { timeMs: 1 })
  expect(result).toMatchObject({ verdict: 'undecided', runs: 0, interrupted: false })
  expect(result.problem).toContain('the time was up')
})

it('so is an interrupt', async () => {
  const controller = new AbortController()
  const result = await check(
    () => {
      controller.abort()
      return 0
    },
    { signal: controller.signal },
  )
  expect(result).toMatchObject({ verdict: 'undecided', runs: 0, interrupted: true })
  expect(result.problem).toContain('in the run without faults')
})
