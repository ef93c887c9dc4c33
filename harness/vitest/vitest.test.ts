import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')
const CONFIG = 'harness/vitest/testing/vitest.config.ts'

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

interface Ran {
  readonly code: number | null
  readonly junit: string
  /** `<title>: <status>`. */
  readonly tests: readonly string[]
  readonly failures: readonly string[]
  /** The errors of files that could not be collected. */
  readonly messages: readonly string[]
}

/** A user's `vitest run` of one fixture. */
async function runVitest(fixture: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  const [json, junit] = [path.join(folder, 'r.json'), path.join(folder, 'r.xml')]
  const reporters = ['json', 'junit'].flatMap((name) => ['--reporter', name])
  const files = [`--outputFile.json=${json}`, `--outputFile.junit=${junit}`]
  const args = ['node_modules/vitest/vitest.mjs', 'run', fixture, '--config', CONFIG, ...reporters, ...files]
  // This process is a worker of vitest: what it tells its workers is none of the child's business.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|TEST|ONCEOVER)/.test(name),
  )
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: 'ignore',
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as Report
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    code,
    junit: readFileSync(junit, 'utf8'),
    tests: tests.map(({ title, status }) => `${title}: ${status}`),
    failures: tests.flatMap(({ failureMessages }) => failureMessages),
    messages: testResults.map(({ message }) => message),
  }
}

describe('checkScenario in a user’s test file', () => {
  it('a scenario from a file of its own: the story, the command line’s replay, the place, JUnit', async () => {
    const { code, tests, failures, junit } = await runVitest('imported.fixture')
    expect(tests).toEqual([
      'onceover: commits before its work is at-least-once: failed',
      'onceover: commits after its work is at-least-once: passed',
    ])
    const [failure = ''] = failures
    expect(failure).toMatch(
      /^OnceoverFailure: ✗ commits before its work is not at-least-once: violated after \d+ schedules?, seed commits before its work\n {2}lost-record: consumer-0 committed/,
    )
    expect(failure).toContain(
      'Replay: npm run onceover -- replay .onceover/commits-before-its-work-lost-record.json',
    )
    expect(failure).toMatch(/at .*imported\.fixture\.ts:7:3/)
    expect(junit).toMatch(/<property name="error" value="lost-record: consumer-0 committed /)
    expect(code).toBe(1)
  })

  it('a scenario in the test file itself: the command runs its test with exactly that schedule', async () => {
    const { failures } = await runVitest('in-file.fixture')
    const written = '.onceover/defined-in-its-test-lost-record.json'
    const test = 'harness/vitest/testing/in-file.fixture.ts'
    const title = 'onceover: defined in its test is at-least-once'
    expect(failures[0]).toContain(`Replay: ONCEOVER_REPLAY=${written} npx vitest run ${test} -t '${title}'`)
    expect(existsSync(path.join(ROOT, written))).toBe(true)

    const replayed = await runVitest('in-file.fixture', { ONCEOVER_REPLAY: written })
    expect(replayed.tests).toEqual([
      'onceover: defined in its test is at-least-once: failed',
      'onceover: commits after its work is at-least-once: skipped',
    ])
    expect(replayed.failures[0]).toContain('✗ defined in its test: still fails with lost-record')
    expect(replayed.failures[0]).toContain('The history is the same as when the file was made')
  })

  it('ONCEOVER_RUNS and ONCEOVER_SEED override what the test says', async () => {
    const { failures, tests } = await runVitest('imported.fixture', {
      ONCEOVER_RUNS: '1',
      ONCEOVER_SEED: 'other',
    })
    // One schedule is the one without faults, in which nothing is lost.
    expect(failures).toEqual([])
    expect(tests.every((test) => test.endsWith(': passed'))).toBe(true)
  })

  it('ONCEOVER_TIME that is no duration: one sentence instead of a verdict', async () => {
    const { messages, code } = await runVitest('imported.fixture', { ONCEOVER_TIME: 'soon' })
    expect(messages[0]).toContain("ONCEOVER_TIME takes a duration such as 500ms, 60s, 5m or 1h, not 'soon'")
    expect(code).toBe(1)
  })
})
