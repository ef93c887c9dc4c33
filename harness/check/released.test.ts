import path from 'node:path'
import { expect, it } from 'vitest'
import type { Scenario } from '../core/scenario.ts'
import type { Service } from '../core/service.ts'
import { checkScenario } from './check.ts'
import { replay } from './replay.ts'
import commitsAfter from './testing/commits-after.scenario.ts'
import { foundOnly } from './testing/found-only.ts'

const file = path.resolve(import.meta.dirname, 'testing/commits-after.scenario.ts')
const settings = { seed: '1', runs: 1, strategy: 'portfolio', corpus: false, out: null }

function noting(calls: string[]): Scenario {
  const db: Service = {
    port: 5432,
    prepare: async () => ({ remarks: [] }),
    release: () => calls.push('released'),
    reset: () => calls.push('reset'),
    accept: () => {},
  }
  return { ...commitsAfter, services: { db }, measures: { lagMax: 0 } }
}

it('lets go of services when a check ends, in time or not', async () => {
  const calls: string[] = []
  const scenario = noting(calls)
  await checkScenario({ scenario, file }, settings)
  expect(calls.indexOf('released')).toBe(calls.length - 1)
  const late = await checkScenario({ scenario, file }, { ...settings, timeMs: 1, nowMs: () => calls.length })
  expect(late.verdict).not.toBe('error')
  expect(calls.filter((call) => call === 'released')).toHaveLength(2)
})

it('lets go of services when a replay ends', async () => {
  const calls: string[] = []
  const scenario = noting(calls)
  const { counterexample } = await checkScenario({ scenario, file }, { ...settings, ...foundOnly() })
  if (counterexample === null) throw new Error('nothing was found')
  calls.length = 0
  await replay(counterexample.content, scenario, file)
  expect(calls[0]).toBe('reset')
  expect(calls.indexOf('released')).toBe(calls.length - 1)
})
