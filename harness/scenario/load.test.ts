import path from 'node:path'
import { expect, it } from 'vitest'
import { loadScenarioFile } from './load.ts'

it('files that are loaded at once share a listener, of which Node would count eleven', async () => {
  const file = path.resolve(import.meta.dirname, '../check/testing/never-subscribes.scenario.ts')
  const before = process.listenerCount('beforeExit')
  const loading = Array.from({ length: 12 }, () => loadScenarioFile(file))
  expect(process.listenerCount('beforeExit')).toBe(before + 1)
  await Promise.all(loading)
  expect(process.listenerCount('beforeExit')).toBe(before)
})
