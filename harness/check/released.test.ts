import path from 'node:path'
import { expect, it } from 'vitest'
import type { Service } from '../core/service.ts'
import { checkScenario } from './check.ts'
import commitsAfter from './testing/commits-after.scenario.ts'

it('lets go of services when a check ends, in time or not', async () => {
  const calls: string[] = []
  const db: Service = {
    port: 5432,
    prepare: async () => ({ remarks: [] }),
    release: () => calls.push('released'),
    reset: () => calls.push('reset'),
    accept: () => {},
  }
  const file = path.resolve(import.meta.dirname, 'testing/commits-after.scenario.ts')
  const scenario = { ...commitsAfter, services: { db } }
  const settings = { seed: '1', runs: 1, strategy: 'portfolio', corpus: false, out: null }
  await checkScenario({ scenario, file }, settings)
  expect(calls.indexOf('released')).toBe(calls.length - 1)
  const late = await checkScenario({ scenario, file }, { ...settings, timeMs: 1, nowMs: () => calls.length })
  expect(late.verdict).not.toBe('error')
  expect(calls.filter((call) => call === 'released')).toHaveLength(2)
})
