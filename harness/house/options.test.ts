import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { HELP } from '../cli/help.ts'
import { ROOT, SOURCES } from './repository.ts'

const OPTIONS = readFileSync(path.join(ROOT, 'docs/options.md'), 'utf8')

/** Names of the fields of an exported interface. */
function fieldsOf(file: string, name: string): readonly string[] {
  const text = SOURCES.find((source) => source.file === file)?.text ?? ''
  const [, body = ''] = new RegExp(`export interface ${name} [^{]*{\\n(.*?)\\n}`, 's').exec(text) ?? []
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, field = '']) => field)
}

const INTERFACES = [
  ['harness/core/scenario.ts', 'Scenario'],
  ['harness/core/scenario.ts', 'AppContext'],
  ['harness/core/guarantee.ts', 'GuaranteeOptions'],
  ['harness/check/suite-settings.ts', 'SuiteOptions'],
  ['harness/embedded/check.ts', 'CheckOptions'],
  ['harness/vitest/index.ts', 'CheckScenarioOptions'],
] as const

describe('docs/options.md', () => {
  it('has every option of the command line', () => {
    const options = new Set(HELP.match(/--[a-z-]+/g))
    expect(options.size).toBeGreaterThan(20)
    expect(
      [...options].filter((option) => !OPTIONS.includes(option)),
      'add the line that --help has to docs/options.md',
    ).toEqual([])
  })

  it.each(INTERFACES)('has every field of %s: %s', (file, name) => {
    const fields = fieldsOf(file, name)
    expect(fields.length).toBeGreaterThan(0)
    expect(
      fields.filter((field) => !OPTIONS.includes(`\`${field}\``)),
      'add a row to docs/options.md',
    ).toEqual([])
  })

  it('has every environment variable', () => {
    const code = SOURCES.filter(
      ({ file }) => file.startsWith('harness/') && !/\.test\.ts$|\/testing\//.test(file),
    )
    const variables = new Set(code.flatMap(({ text }) => text.match(/ONCEOVER_[A-Z]+/g) ?? []))
    expect(
      [...variables].filter((variable) => !OPTIONS.includes(variable)),
      'add a row to docs/options.md',
    ).toEqual([])
  })
})
