import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import vm from 'node:vm'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import after from '../check/testing/commits-after.scenario.ts'
import before from '../check/testing/commits-before.scenario.ts'
import type { App } from '../core/scenario.ts'
import { atLeastOnce, defineScenario } from '../index.ts'
import { assertHeld, check } from './index.ts'

const FIXTURES = path.resolve(import.meta.dirname, '../check/testing')
const fixture = (name: string): string => path.join(FIXTURES, `${name}.scenario.ts`)
const folder = (): string => mkdtempSync(path.join(tmpdir(), 'onceover-'))

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('check, without a process', () => {
  let found: Awaited<ReturnType<typeof check>>
  beforeAll(async () => {
    found = await check(before, { out: folder() })
  })

  it('a scenario that keeps its promise: held', async () => {
    const { verdict, scenario, runs, violations, replay } = await check(after, { runs: 20 })
    expect({ verdict, scenario, runs, violations, replay }).toEqual({
      verdict: 'held',
      scenario: 'commits after its work',
      runs: 20,
      violations: [],
      replay: null,
    })
  })

  it('a file whose scenario does not: the story as data and text, and a replay file', async () => {
    const out = folder()
    const { verdict, violations, report, replay } = await check(fixture('commits-before'), { out })
    expect({ verdict, found: violations[0]?.property }).toEqual({ verdict: 'violated', found: 'lost-record' })
    expect(report).toContain('lost-record: orders/0@0 is lost.')
    expect(replay?.file).toBe(path.join(out, 'commits-before-its-work-lost-record.json'))
    expect(replay?.command).toContain(`replay ${replay?.file}`)
  })

  it('several at once: one after the other, each with its own verdict', async () => {
    const asked = [after, before].map((scenario) => check(scenario, { runs: 20, out: null }))
    const verdicts = (await Promise.all(asked)).map(({ verdict }) => verdict)
    expect(verdicts).toEqual(['held', 'violated'])
  })

  it('the same search twice: the same report, and the seed is the name', async () => {
    const out = folder()
    const again = await check(before, { out })
    const timeless = (text: string): string => text.replace(/\([\d.,]+ m?s\)/g, '')
    const elsewhere = found.report.replaceAll(path.dirname(found.replay?.file ?? ''), out)
    expect(timeless(again.report)).toBe(timeless(elsewhere))
    expect(again.seed).toBe('commits before its work')
  })

  it('ONCEOVER_REPLAY of this scenario: that schedule, and no search', async () => {
    vi.stubEnv('ONCEOVER_REPLAY', found.replay?.file ?? '')
    const again = await check(before)
    expect({ verdict: again.verdict, runs: again.runs }).toEqual({ verdict: 'violated', runs: 2 })
    expect(again.report).toContain('still fails with lost-record')
    expect((await check(after, { runs: 20 })).runs).toBe(20)
  })

  it('an app that cannot be loaded is in the result, and rejects nothing', async () => {
    const { verdict, report } = await check(fixture('missing-app'))
    expect(verdict).toBe('cannot-be-checked')
    expect(report).toContain('harness/check/testing/no-such-app.ts')
  })

  it('an aborted signal: undecided', async () => {
    const { verdict } = await check(after, { signal: AbortSignal.abort() })
    expect(verdict).toBe('undecided')
  })

  it.each([
    ['a file with two scenarios', () => check(fixture('several')), 'has 2 scenarios; import it'],
    ['a file that is not there', () => check('nowhere.ts'), 'there is no file nowhere.ts'],
    ['no runs', () => check(after, { runs: 0 }), "runs takes a whole number from 1 on, not '0'"],
    ['a function of another realm', () => check(foreign()), "write app: { module: './app.ts' }"],
  ])('%s: wrong use', async (_what, ask, sentence) => {
    await expect(ask()).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(sentence) as string,
    })
  })
})

describe('assertHeld', () => {
  it('resolves with the result of a scenario that holds', async () => {
    expect((await assertHeld(after, { runs: 20 })).verdict).toBe('held')
  })

  it('rejects with the story, at the line that asked', async () => {
    const failure = await assertHeld(before, { out: null }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'OnceoverFailure' })
    expect((failure as Error).message).toContain('lost-record: orders/0@')
    expect((failure as Error).stack).toContain('embedded.test.ts')
  })
})

/** A scenario as a test file of jest hands it over. */
function foreign() {
  return defineScenario({
    name: 'elsewhere',
    topics: { orders: { partitions: 1 } },
    records: { orders: 1 },
    guarantee: atLeastOnce(),
    app: vm.runInNewContext('() => {}') as App & (() => void),
  })
}
