import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { jsonReport } from '../../reports/json.ts'
import { checkScenario } from '../check/check.ts'
import { replayFile } from '../check/replay.ts'
import { STRATEGY_DEFAULT } from '../check/settings.ts'
import { foundOnly } from '../check/testing/found-only.ts'
import type { ScenarioResult } from '../core/result.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { SCENARIOS } from './search-file.ts'

const scenarios = await loadScenarioFile(path.join(SCENARIOS, 'reliability/json.ts'))
const out = mkdtempSync(path.join(tmpdir(), 'onceover-json-'))
const real = { parse: JSON.parse, stringify: JSON.stringify }

afterAll(() => rmSync(out, { recursive: true, force: true }))

/** Whatever the app has made of JSON is there until `read` has ended, as it is in a process. */
async function checked<T>(name: string, read: (result: ScenarioResult) => T | Promise<T>): Promise<T> {
  const found = scenarios.find(({ scenario }) => scenario.name === name)
  if (found === undefined) throw new Error(`there is no scenario '${name}'`)
  try {
    const settings = { seed: '1', runs: 4, strategy: STRATEGY_DEFAULT, corpus: false, out, ...foundOnly() }
    return await read(await checkScenario(found, settings))
  } finally {
    Object.assign(JSON, real)
    for (const prototype of [Object.prototype, Array.prototype, BigInt.prototype])
      Reflect.deleteProperty(prototype, 'toJSON')
  }
}

it.each([
  ['half of a character', 'lost-record'],
  ['JSON.stringify says null', 'lost-record'],
  ['JSON.stringify throws', 'stuck-partition'],
  ['JSON.parse throws', 'lost-record'],
  ['all objects have a toJSON', 'lost-record'],
  ['all lists have a toJSON', 'lost-record'],
  ['big numbers have a toJSON that throws', 'lost-record'],
  ['a circular error', 'stuck-partition'],
])('%s: violated, and the replay file is whole', async (name, property) => {
  const { content, replayed, report } = await checked(name, async (result) => {
    const file = result.counterexample?.file ?? ''
    return {
      content: readFileSync(file, 'utf8'),
      replayed: await replayFile(file),
      report: jsonReport([result]),
    }
  })
  const violation = { property }
  expect(JSON.parse(content)).toMatchObject({
    scenario: { name },
    violation,
    historyHash: replayed.historyHash,
  })
  expect(JSON.parse(report)).toMatchObject({ scenarios: [{ name, verdict: 'violated' }] })
})

it.each(['JSON.stringify says null, of runs that differ', 'all objects have a toJSON, and runs differ'])(
  '%s: an error, and never held',
  async (name) => {
    const { verdict, problem } = await checked(name, (result) => result)
    expect(verdict).toBe('error')
    expect(problem).toContain('two different histories')
  },
)

it('a label that is a big number: its digits', async () => {
  expect((await checked('a label that is a big number', (result) => result)).verdict).toBe('held')
})

it.each([
  ['a label that is circular', 'effects.record() was given an object as its label'],
  ['a label that is a value', 'effects.record() was given a Buffer as its label'],
  ['a reason that is a symbol', 'effects.skip() was given a symbol as its reason'],
  ['a label that is circular, in a transaction', 'tx.effect() was given an object as its label'],
])('%s: cannot be checked', async (name, sentence) => {
  const { verdict, usageError, problem } = await checked(name, (result) => result)
  expect([verdict, usageError]).toEqual(['error', true])
  expect(problem).toContain(sentence)
})

it('has each its expectation here', () => {
  expect(scenarios).toHaveLength(15)
})
