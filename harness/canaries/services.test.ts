import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCENARIOS, searchFile } from './search-file.ts'
import { SERVICES } from './services.ts'

const files = SERVICES.flatMap(({ folder, defect, twin }) => [`${folder}/${defect}`, `${folder}/${twin}`])

/** One of each sort: `npm run scenarios` searches all of them. */
const TRIED_HERE: ReadonlySet<string> = new Set(['payments', 'points', 'saga', 'stock', 'tickets'])

describe('services beside Kafka', () => {
  it('are listed, each scenario', () => {
    const found = readdirSync(path.join(SCENARIOS, 'services'), { recursive: true, encoding: 'utf8' })
    expect(files.toSorted()).toEqual(found.filter((name) => name.endsWith('.scenario.ts')).sort())
  })

  const some = SERVICES.filter(({ folder }) => TRIED_HERE.has(folder))
  it.each(some.map((each) => [each.folder, each] as const))('%s: the twin', async (_, each) => {
    const { outcome } = await searchFile(`services/${each.folder}/${each.twin}`, '1', 2)
    expect(outcome).toBe('held')
  })
})

it('what the app asserts of itself is found, and shrunk to what it takes', async () => {
  const found = await searchFile('services/stock/two-transactions.scenario.ts', '1', 20)
  if (found.outcome !== 'violated') throw new Error(`${found.outcome} after ${found.runs}`)
  expect(found.finding).toMatchObject({
    property: 'assertion-failed',
    message: expect.stringContaining("'the stock is never below zero' was false"),
  })
  expect(found.shrunk.schedule).toMatchObject({ faults: [], workload: { consumers: 2 } })
})
