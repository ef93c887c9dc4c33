import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Scenario } from '../core/scenario.ts'
import { checkScenario } from './check.ts'
import { readCounterexample, writeCounterexample } from './counterexample-file.ts'
import { replay } from './replay.ts'
import commitsAfter from './testing/commits-after.scenario.ts'
import { foundOnly } from './testing/found-only.ts'

it('a replay on another database than the one of its file says so', async () => {
  const file = path.resolve(import.meta.dirname, 'testing/commits-after.scenario.ts')
  const on = (version: string): Scenario => ({
    ...commitsAfter,
    services: {
      db: {
        port: 5432,
        prepare: async () => ({ remarks: [], version }),
        reset: () => {},
        accept: () => {},
      },
    },
    measures: { lagMax: 0 },
  })
  const settings = { seed: '1', runs: 4, strategy: 'portfolio', out: null, ...foundOnly() }
  const { counterexample } = await checkScenario({ scenario: on('PostgreSQL 15.18'), file }, settings)
  const content = counterexample?.content
  if (content === undefined) throw new Error('nothing was found')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'onceover-'))
  const kept = readCounterexample(writeCounterexample(folder, content, new Set()))
  expect(kept.made.services).toEqual({ db: 'PostgreSQL 15.18' })
  const changedOn = async (version: string): Promise<readonly string[]> =>
    (await replay(kept, on(version), file)).replay.changed
  expect(await changedOn('PostgreSQL 15.18')).toEqual([])
  expect(await changedOn('PGlite 0.5.17')).toEqual(['db was PostgreSQL 15.18 and is PGlite 0.5.17'])
})
