import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { COUNTEREXAMPLE_VERSION } from '../core/counterexample.ts'
import { UsageError } from '../core/errors.ts'
import { replayFile } from './replay.ts'

function replayFileOf(scenarioFile: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  const file = path.join(folder, 'replay.json')
  const content = {
    version: COUNTEREXAMPLE_VERSION,
    scenario: { name: 'stranger', file: scenarioFile },
    schedule: {
      seed: '1',
      workload: { consumers: 1, brokers: 1, topics: { a: { partitions: 1, startOffset: '0' } }, records: [] },
      faults: [],
      holds: [],
    },
    violation: { property: 'lost-record', message: 'x', events: [] },
    historyHash: '0'.repeat(64),
    explanation: { sentence: 'x', story: [], necessary: [], inevitableFrom: null },
    made: { harness: '0', node: '0', client: '0' },
  }
  // With the byte order mark that editors of other systems put in front.
  writeFileSync(file, `\uFEFF${JSON.stringify(content)}`)
  return file
}

it('a replay file that names a module elsewhere runs nothing, unless it is trusted', async () => {
  const module = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'elsewhere.mjs')
  writeFileSync(module, 'globalThis.elsewhereRan = true\nexport default 1\n')
  const file = replayFileOf(module)
  await expect(replayFile(file)).rejects.toThrow('add --trust')
  expect('elsewhereRan' in globalThis).toBe(false)
  const trusted = replayFile(file, { trust: true })
  await expect(trusted).rejects.toThrow(UsageError)
  await expect(trusted).rejects.toThrow('exports no scenario')
  expect('elsewhereRan' in globalThis).toBe(true)
})
