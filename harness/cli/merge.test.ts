import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { SCENARIOS } from './testing/run-cli.ts'
import { runMain } from './testing/run-main.ts'

const BEFORE = `${SCENARIOS}/commits-before.scenario.ts`
const AFTER = `${SCENARIOS}/commits-after.scenario.ts`

const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
const part = (index: number): string => path.join(folder, `shard-${index}-of-2.json`)

interface MergedReport {
  readonly scenarios: readonly {
    readonly verdict: string
    readonly runs: number
    readonly coverage: {
      readonly sweep: { readonly done: number }
      readonly runsByStrategy: Readonly<Record<string, number>>
    }
    readonly counterexample: { readonly file: string } | null
  }[]
}

async function checkPart(index: number): Promise<MergedReport> {
  const args = ['--runs', '13', '--seed', '1', '--jobs', '1', '--out', folder, '--json', '-', '--quiet']
  const { stdout } = await runMain(['check', AFTER, BEFORE, '--shard', `${index}/2`, ...args])
  return JSON.parse(stdout) as MergedReport
}

describe('the parts of a search, merged', () => {
  let parts: readonly MergedReport[] = []
  beforeAll(async () => {
    parts = [await checkPart(1), await checkPart(2)]
  })

  it('are one report, with the counterexample in the folder of the merging machine', async () => {
    const out = path.join(folder, 'merged')
    const { code, stdout } = await runMain(['merge', part(2), part(1), '--out', out, '--json', '-'])
    expect(code).toBe(1)
    const { scenarios } = JSON.parse(stdout) as MergedReport
    const [held, violated] = scenarios
    expect([held?.verdict, violated?.verdict]).toEqual(['held', 'violated'])
    // The fault-free one, which each machine has run, counts once.
    expect(held?.runs).toBe(13)
    expect(held?.coverage.runsByStrategy['fault-free']).toBe(1)
    const swept = parts.map((each) => each.scenarios[0]?.coverage.sweep.done ?? 0)
    expect(held?.coverage.sweep.done).toBe(swept.reduce((sum, done) => sum + done, 0))
    const file = violated?.counterexample?.file ?? ''
    expect(path.dirname(path.resolve(file))).toBe(out)
    const { scenario } = JSON.parse(readFileSync(file, 'utf8')) as { scenario: { file: string } }
    expect(existsSync(path.resolve(out, scenario.file))).toBe(true)
  })

  it('move no cursor and command no runner, and are reported where a file cannot be written', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'onceover-'))
    const [violated] = [1, 2].map(part).filter((file) => readFileSync(file, 'utf8').includes('lost-record'))
    const content = JSON.parse(readFileSync(violated ?? '', 'utf8')) as {
      shard: unknown
      results: { name: string; verdict: string; counterexample: unknown }[]
    }
    const results = content.results.filter(({ counterexample }) => counterexample !== null)
    const shown = results.map((each) => ({ ...each, name: 'orders\u001b[2J\n::set-env::x' }))
    const file = path.join(out, 'shard-1-of-1.json')
    writeFileSync(file, JSON.stringify({ ...content, shard: { index: 1, of: 1 }, results: shown }))
    // In the way of what is written first.
    const claimed = `commits-before-its-work-lost-record.json.${process.pid}.claim.tmp`
    mkdirSync(path.join(out, `${claimed}.${process.pid}.tmp`))
    const { code, stdout } = await runMain(['merge', file, '--out', out])
    expect(code).toBe(1)
    expect(stdout).toContain('could not be written')
    expect(stdout).toContain('orders\\x1b[2J')
    expect(stdout).not.toMatch(/^::/m)
  })

  it('are wrong use where one is missing, there twice, or of another search', async () => {
    const lone = await runMain(['merge', part(1)])
    expect(lone).toMatchObject({
      code: 3,
      stderr: 'onceover: of 2 parts 2 is missing; add shard-2-of-2.json\n',
    })
    const twice = await runMain(['merge', part(1), part(2), part(2)])
    expect(twice).toMatchObject({ code: 3, stderr: 'onceover: 3 files for 2 parts; give each part once\n' })
    const none = await runMain(['merge', BEFORE])
    expect(none.code).toBe(3)
    expect(none.stderr).toMatch(
      /commits-before.scenario.ts cannot be read: .*; type the files that check --shard wrote/,
    )
  })
})
