import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import commitsAfter from '../check/testing/commits-after.scenario.ts'
import commitsBefore from '../check/testing/commits-before.scenario.ts'
import { checkScenario } from './index.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const CONFIG = 'harness/vitest/testing/vitest.config.ts'

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly startTime: number
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

interface RanVitest {
  readonly code: number | null
  readonly junit: string
  /** `<title>: <status>`. */
  readonly tests: readonly string[]
  readonly failures: readonly string[]
}

/** A user's `vitest run` in each of the config's rounds: what came of each fixture, by round. */
async function runVitest(rounds: readonly (readonly string[])[]): Promise<RanVitest[][]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
  const [json, junit] = [path.join(folder, 'r.json'), path.join(folder, 'r.xml')]
  const reporters = ['json', 'junit'].flatMap((name) => ['--reporter', name])
  const files = [`--outputFile.json=${json}`, `--outputFile.junit=${junit}`]
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', CONFIG, ...reporters, ...files]
  // This process is a worker of vitest: what it tells its workers is none of the child's business.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|TEST|ONCEOVER)/.test(name),
  )
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: Object.fromEntries(inherited),
    stdio: 'ignore',
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as VitestReport
  // Rounds follow each other.
  const left = testResults.toSorted((one, other) => one.startTime - other.startTime)
  return rounds.map((fixtures) => {
    const results = left.splice(0, fixtures.length)
    return fixtures.map((fixture) => {
      const found = results.find(({ name }) => name.includes(fixture))
      if (found === undefined) throw new Error(`${fixture} gave no results`)
      return {
        code,
        junit: readFileSync(junit, 'utf8'),
        tests: found.assertionResults.map(({ title, status }) => `${title}: ${status}`),
        failures: found.assertionResults.flatMap(({ failureMessages }) => failureMessages),
      }
    })
  })
}

describe('checkScenario in a user’s test file', () => {
  let imported: RanVitest | undefined
  let inFile: RanVitest | undefined
  let replayed: RanVitest | undefined
  let real: readonly RanVitest[]

  beforeAll(async () => {
    const fixtures = ['imported.fixture', 'in-file.fixture']
    const [plain = [], again = [], onReal = []] = await runVitest([fixtures, ['in-file.fixture'], fixtures])
    ;[imported, inFile] = plain
    ;[replayed] = again
    real = onReal
  })

  it('a scenario from a file of its own: the story, the command line’s replay, the place, JUnit', () => {
    expect(imported?.tests).toEqual([
      'onceover: commits before its work is at-least-once: failed',
      'onceover: commits after its work is at-least-once: passed',
    ])
    const [failure = ''] = imported?.failures ?? []
    expect(failure).toMatch(
      /^OnceoverFailure: ✗ commits before its work is not at-least-once: violated after \d+ schedules?, seed commits before its work\n {2}lost-record: orders\/0@\d+ is lost\. consumer-0 committed/,
    )
    expect(failure).toContain(
      'Replay: npm run onceover -- replay .onceover/commits-before-its-work-lost-record.json',
    )
    expect(failure).toMatch(/at .*imported\.fixture\.ts:7:3/)
    expect(imported?.junit).toMatch(
      /<property name="error" value="lost-record: orders\/0@\d+ is lost\. consumer-0 committed /,
    )
    expect(imported?.code).toBe(1)
  })

  it('a scenario in the test file itself: the command runs its test with exactly that schedule', () => {
    const written = '.onceover/defined-in-its-test-lost-record.json'
    const test = 'harness/vitest/testing/in-file.fixture.ts'
    const title = 'onceover: defined in its test is at-least-once'
    expect(inFile?.failures[0]).toContain(
      `Replay: ONCEOVER_REPLAY=${written} npx vitest run ${test} -t '${title}'`,
    )
    expect(existsSync(path.join(ROOT, written))).toBe(true)

    expect(replayed?.tests).toEqual([
      'onceover: defined in its test is at-least-once: failed',
      'onceover: commits after its work is at-least-once: skipped',
    ])
    expect(replayed?.failures[0]).toContain('✗ defined in its test: still fails with lost-record')
    expect(replayed?.failures[0]).toContain('The history is the same as when the file was made')
  })

  describe('ONCEOVER_RUNS and ONCEOVER_SEED override what the test says', () => {
    vi.stubEnv('ONCEOVER_RUNS', '1')
    vi.stubEnv('ONCEOVER_SEED', 'other')
    // One schedule is the one without faults, in which nothing is lost: with 40 this fails.
    checkScenario(commitsBefore, { runs: 40 })
    vi.unstubAllEnvs()
  })

  it('ONCEOVER_REAL: a failure says why no real Kafka could confirm it', () => {
    const [one, other] = real
    expect(one?.failures[0]).toContain(
      'It could not be tried on a real Kafka: no Kafka answers at 127.0.0.1:1',
    )
    expect(other?.failures[0]).toContain('its app is a function in a test file')
    expect(one?.tests).toEqual(imported?.tests)
  })

  it('ONCEOVER_TIME that is no duration: one sentence instead of a verdict', () => {
    vi.stubEnv('ONCEOVER_TIME', 'soon')
    try {
      expect(() => checkScenario(commitsAfter)).toThrow(
        "ONCEOVER_TIME takes a duration such as 500ms, 60s, 5m or 1h, not 'soon'",
      )
    } finally {
      vi.unstubAllEnvs()
    }
  })
})
