import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type DatabaseEngine, seenOrdersScenario } from '../../scenarios/services/seen-orders/scenario.ts'
import type { SearchOutcome } from '../search/search.ts'
import { SERVER_MISSING } from '../services/postgres/testing/engines.ts'
import { SCENARIOS, searchFile, searchScenario } from './search-file.ts'
import { SERVICES } from './services.ts'

const MISSING = SERVER_MISSING === null ? '' : ` (${SERVER_MISSING})`
const FILE = path.join(SCENARIOS, 'services/seen-orders/looks-first.scenario.ts')

/** Check, then insert, under READ COMMITTED, without a unique constraint. */
function looksFirst(engine: DatabaseEngine): Promise<SearchOutcome> {
  const scenario = seenOrdersScenario(`looks first: ${engine}`, './looks-first.ts', { engine })
  return searchScenario({ scenario, file: FILE }, '1', 40)
}

describe.skipIf(SERVER_MISSING !== null)(`services on a PostgreSQL server${MISSING}`, () => {
  it('check, then insert: in none of 40 schedules on PGlite, and soon on a server', async () => {
    expect((await looksFirst('pglite')).outcome).toBe('held')
    const found = await looksFirst('server')
    expect(found).toMatchObject({ outcome: 'violated', finding: { property: 'duplicate-effect' } })
  })

  it.each(SERVICES.filter(({ needsServer }) => needsServer))(
    '$folder: the twin',
    async ({ folder, twin }) => {
      expect((await searchFile(`services/${folder}/${twin}`, '1', 2)).outcome).toBe('held')
    },
  )

  it('gives the same histories in two processes, also where sessions wait for locks', async () => {
    const script = path.join(import.meta.dirname, 'testing/print-hashes.ts')
    const run = promisify(execFile)
    const print = (): Promise<{ stdout: string }> =>
      run(process.execPath, ['--conditions=onceover-source', script])
    const [first, second] = await Promise.all([print(), print()])
    expect(second.stdout).toBe(first.stdout)
    const waitsMs = first.stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[1]))
    expect(waitsMs).toHaveLength(4)
    expect(Math.max(...waitsMs)).toBeGreaterThan(50_000)
  })
})
