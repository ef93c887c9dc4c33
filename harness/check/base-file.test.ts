import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import { defineScenario } from '../scenario/define.ts'
import { baseFile } from './base-file.ts'

/** A scenario that is defined in this file, with these modules. */
const withModules = (...modules: readonly string[]) =>
  defineScenario({
    name: 'several modules',
    topics: { work: { partitions: 1 } },
    records: { work: 1 },
    apps: Object.fromEntries(modules.map((module, index) => [`app${index}`, { module }])),
    guarantee: atLeastOnce(),
  })

const elsewhere = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'elsewhere.scenario.ts')
writeFileSync(path.join(path.dirname(elsewhere), 'replay.ts'), '')

it('is the file beside which all modules are, not the first alone', () => {
  expect(baseFile(withModules('./replay.ts'), elsewhere)).toBe(elsewhere)
  expect(baseFile(withModules('./replay.ts', './check.ts'), elsewhere)).toBe(import.meta.filename)
})

it('names the module that is not there', () => {
  expect(() => baseFile(withModules('./replay.ts', './nowhere.ts'), elsewhere)).toThrow(
    path.join(path.dirname(elsewhere), 'nowhere.ts'),
  )
})
