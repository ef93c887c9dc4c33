import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { checkScenario } from './check.ts'
import { Memory } from './memory.ts'
import commitsAfter from './testing/commits-after.scenario.ts'
import commitsBefore from './testing/commits-before.scenario.ts'

/** One service, as it is with its defect and without, in one file. */
const NAME = 'orders service'
const BROKEN: Scenario = { ...commitsBefore, name: NAME }
const MENDED: Scenario = { ...commitsAfter, name: NAME }

interface MemoryPlace {
  readonly file: string
  readonly out: string
}

function place(): MemoryPlace {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  // The client is found from the scenario's file.
  symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), path.join(folder, 'node_modules'))
  return { file: path.join(folder, 'orders.scenario.ts'), out: path.join(folder, 'out') }
}

function check(scenario: Scenario, { file, out }: MemoryPlace, more: object = {}): Promise<ScenarioResult> {
  const settings = { seed: '1', runs: 6, strategy: 'portfolio', corpus: true, out, ...more }
  return checkScenario({ scenario, file }, settings)
}

/** The first check of the broken service, in a place that nobody checks again. */
let found: { readonly where: MemoryPlace; readonly result: ScenarioResult }

beforeAll(async () => {
  const where = place()
  found = { where, result: await check(BROKEN, where) }
})

/** A place of its own, as the first check has left it. */
function foundBefore(): MemoryPlace {
  const where = place()
  cpSync(found.where.out, where.out, { recursive: true })
  return where
}

const states = ({ recalled }: ScenarioResult): unknown => recalled?.tried.map(({ state }) => state) ?? null
const kept = ({ out }: MemoryPlace, folder: string): number =>
  readdirSync(path.join(out, 'corpus', folder)).length

describe('the next check', () => {
  it('tries first what failed before: new, ongoing, resolved, and regressed', async () => {
    const where = foundBefore()
    const { result } = found
    expect(result).toMatchObject({ verdict: 'violated', recalled: null })
    expect(result.counterexample).toMatchObject({ state: 'new', knownFrom: null })

    const second = await check(BROKEN, where)
    expect(second).toMatchObject({ verdict: 'violated', runs: 0 })
    expect(second.counterexample?.state).toBe('ongoing')
    expect(second.counterexample?.knownFrom).toMatch(/corpus\/failing\/orders-service-lost-record-\w+\.json$/)
    expect(states(second)).toEqual(['ongoing'])
    expect(kept(where, 'failing')).toBe(1)

    const third = await check(MENDED, where)
    expect(third).toMatchObject({ verdict: 'held', runs: 6 })
    expect(states(third)).toEqual(['resolved'])
    expect([kept(where, 'failing'), kept(where, 'resolved')]).toEqual([0, 1])

    expect(states(await check(MENDED, where))).toEqual(['passes'])

    const last = await check(BROKEN, where)
    expect(last.counterexample?.state).toBe('regressed')
    expect([kept(where, 'failing'), kept(where, 'resolved')]).toEqual([1, 0])
  })

  it('searches as if nothing were known, behind what no longer fails', async () => {
    const where = foundBefore()
    const [after, without] = [await check(MENDED, where), await check(MENDED, place())]
    expect(after.coverage).toEqual(without.coverage)
  })

  it('tries and keeps nothing where it is told so, nor for another scenario of the same name', async () => {
    const where = place()
    const none = await check(BROKEN, where, { corpus: false })
    expect(none.counterexample?.state).toBeUndefined()
    expect(readdirSync(where.out)).toEqual(['orders-service-lost-record.json'])
    const known = foundBefore()
    const other = { ...known, file: path.join(path.dirname(known.file), 'other.scenario.ts') }
    expect((await check(MENDED, other, { runs: 1 })).recalled).toBeNull()
    expect((await check(MENDED, known, { runs: 1 })).recalled).not.toBeNull()
  })

  it('leaves out, and says so, what it cannot read and what the scenario no longer has', async () => {
    const where = foundBefore()
    const folder = path.join(where.out, 'corpus/failing')
    const [name = ''] = readdirSync(folder)
    writeFileSync(path.join(folder, 'orders-service-broken.json'), '{')
    const { recalled } = await check({ ...MENDED, faults: ['join'] }, where, { runs: 1 })
    expect(recalled?.tried).toEqual([])
    expect(recalled?.leftOut.join('\n')).toMatch(/broken\.json is not JSON/)
    expect(recalled?.leftOut.join('\n')).toContain(
      `${name} was not tried: the scenario no longer has the fault`,
    )
  })

  it('runs no module that a kept file names', async () => {
    const where = foundBefore()
    const folder = path.join(where.out, 'corpus/failing')
    const [name = ''] = readdirSync(folder)
    const module = path.join(folder, 'elsewhere.mjs')
    writeFileSync(module, 'globalThis.corpusRan = true\n')
    const content = JSON.parse(readFileSync(path.join(folder, name), 'utf8'))
    const scenario = { ...content.scenario, file: './elsewhere.mjs' }
    writeFileSync(path.join(folder, name), JSON.stringify({ ...content, scenario }))
    expect((await check(MENDED, where, { runs: 1 })).recalled).toBeNull()
    expect('corpusRan' in globalThis).toBe(false)
  })
})

describe('several findings of one check', () => {
  it('stay, each in its file, where one is what a known schedule no longer shows', async () => {
    const where = place()
    const { counterexample } = found.result
    if (counterexample === null) throw new Error('nothing was found')
    const { content } = counterexample
    const prepared = await prepareScenario(BROKEN, { file: where.file })
    const settings = { seed: '1', runs: 6, strategy: 'portfolio', corpus: true, out: where.out }
    const kept = (cause: string, known: number | null = null) => ({
      content,
      found: { finding: content.violation, cause, known },
    })
    const files = (): string[] => readdirSync(path.join(where.out, 'corpus/failing')).toSorted()
    new Memory(prepared, where.file, settings).keep([], [kept('one')])
    const [one] = files()
    const next = new Memory(prepared, where.file, settings)
    expect(next.known).toHaveLength(1)
    expect(next.keep(['passes'], [kept('one'), kept('two')])).toBeNull()
    expect(files()).toContain(one)
    expect(files()).toHaveLength(2)
    expect(existsSync(path.join(where.out, 'corpus/resolved'))).toBe(false)

    // The schedule of the first has come to show another cause, and another schedule its own.
    const last = new Memory(prepared, where.file, settings)
    const index = files().indexOf(one ?? '')
    last.keep(['fails', 'fails'], [kept('one'), kept('three', index)])
    expect(files()).toContain(one)
    expect(files()).toHaveLength(3)
  })
})

describe('a counterexample beside its scenario', () => {
  it('is a regression test, without any corpus, and in the first part of a search only', async () => {
    const where = place()
    const beside = path.join(path.dirname(where.file), 'lost-order.json')
    copyFileSync(path.join(found.where.out, 'orders-service-lost-record.json'), beside)
    writeFileSync(path.join(path.dirname(where.file), 'package.json'), '{}')

    const held = await check(MENDED, where, { corpus: false, runs: 1 })
    expect(held).toMatchObject({ verdict: 'held' })
    expect(states(held)).toEqual(['passes'])

    const broken = await check(BROKEN, where, { corpus: false })
    expect(broken).toMatchObject({ verdict: 'violated', runs: 0 })
    expect(broken.counterexample).toMatchObject({ state: 'regressed' })
    expect(broken.counterexample?.knownFrom).toContain('lost-order.json')

    const second = await check(MENDED, where, { corpus: false, shard: { index: 2, of: 2 }, runs: 2 })
    expect(second.recalled).toBeNull()
  })
})
