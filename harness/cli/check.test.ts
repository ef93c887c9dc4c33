import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { HARNESS_ERROR, HELD, INTERRUPTED, VIOLATED, WRONG_USE } from '../../reports/testing/results.ts'
import { EXIT, exitCodeOf } from './exit.ts'
import { ROOT, runCli, SCENARIOS } from './testing/run-cli.ts'
import { runMain, steppingClock } from './testing/run-main.ts'

const AFTER = `${SCENARIOS}/commits-after.scenario.ts`
const BEFORE = `${SCENARIOS}/commits-before.scenario.ts`

function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'onceover-'))
}

/** A user's TypeScript project: a package of this type, with the given files. */
function project(type: string, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  mkdirSync(path.join(folder, 'node_modules'))
  symlinkSync(ROOT, path.join(folder, 'node_modules/onceover'))
  symlinkSync(path.join(ROOT, 'node_modules/kafkajs'), path.join(folder, 'node_modules/kafkajs'))
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type }))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  return folder
}

const SCENARIO_TEXT = `
  import { atLeastOnce, defineScenario } from 'onceover'
  import { TOPIC } from './topic'
  export default defineScenario({
    name: 'in a project',
    topics: { [TOPIC]: { partitions: 1 } },
    records: { [TOPIC]: 2 },
    consumers: 1,
    app: { module: './app.ts' },
    guarantee: atLeastOnce(),
  })`
const TOPIC_TEXT = `
  enum Topic { Orders = 'orders' }
  export const TOPIC: string = Topic.Orders`
const APP_TEXT = `
  import { Kafka, logLevel } from 'kafkajs'
  import { TOPIC } from './topic'
  export default async function main({ brokers, instance }) {
    const kafka = new Kafka({ brokers, clientId: instance, logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'g' })
    await consumer.connect()
    await consumer.subscribe({ topics: [TOPIC], fromBeginning: true })
    await consumer.run({ eachMessage: async () => {} })
  }`

const SEVEN = ['--runs', '20', '--seed', '7']

/** The broken consumer and the good one, with all reports. */
async function checkBoth(out: string) {
  const [json, junit, html] = ['r.json', 'r.xml', 'r.html'].map((name) => path.join(out, 'deep/er', name))
  const files = ['--json', json ?? '', '--junit', junit ?? '', '--html', html ?? '']
  const ended = await runMain(['check', BEFORE, AFTER, ...SEVEN, '--out', out, ...files])
  return { ...ended, out, report: JSON.parse(readFileSync(json ?? '', 'utf8')) }
}

/** The broken consumer with the same seed, in GitHub Actions. */
async function checkAgain(out: string) {
  const json = path.join(out, 'r.json')
  const env = { GITHUB_ACTIONS: 'true' }
  const ended = await runMain(['check', BEFORE, ...SEVEN, '--out', out, '--json', json], { env })
  return { ...ended, report: JSON.parse(readFileSync(json, 'utf8')) }
}

describe('onceover check', () => {
  let both: Awaited<ReturnType<typeof checkBoth>>
  let again: Awaited<ReturnType<typeof checkAgain>>
  beforeAll(async () => {
    both = await checkBoth(temporaryFolder())
    again = await checkAgain(temporaryFolder())
  })

  it.each(['commonjs', 'module'])(
    'a TypeScript project of type %s, with what only compilers take',
    async (type) => {
      const files = { 'a.scenario.ts': SCENARIO_TEXT, 'topic.ts': TOPIC_TEXT, 'app.ts': APP_TEXT }
      const folder = project(type, files)
      // In a process of its own: Node's loader is what such a project has trouble with.
      const { code, stdout, stderr } = await runCli([
        'check',
        `${folder}/a.scenario.ts`,
        '--runs',
        '2',
        '--quiet',
      ])
      expect(stdout).toMatch(/^✓ in a project is at-least-once: held over 2 schedules/)
      expect(stderr).toBe('')
      expect(code).toBe(EXIT.held)
    },
  )

  it('a consumer that keeps its promise: held, exit code 0, nothing written', async () => {
    const out = path.join(temporaryFolder(), 'out')
    const { code, stdout } = await runMain(['check', AFTER, '--runs', '20', '--seed', 'x', '--out', out])
    expect(stdout).toMatch(
      /^✓ commits after its work is at-least-once: held over 20 schedules, with \d+ of \d+ single faults \(.+\/s\), seed x\n {2}searched: /,
    )
    expect(stdout).not.toContain('\u001b')
    expect(code).toBe(EXIT.held)
    expect(existsSync(out)).toBe(false)
  })

  it('a consumer that does not: violated, exit code 1, the story, all files, and no half-written ones', () => {
    const { code, stdout, out, report } = both
    expect(stdout).toMatch(
      /^✗ commits before its work is not at-least-once: violated after \d+ schedules?, seed 7\n {2}lost-record: /,
    )
    expect(stdout).toContain('✓ commits after its work is at-least-once: held over 20 schedules')
    expect(stdout).toContain('1 held, 1 violated; seed 7\n')
    expect(code).toBe(EXIT.violated)
    expect(readdirSync(out).sort()).toEqual(['commits-before-its-work-lost-record.json', 'corpus', 'deep'])
    expect(readdirSync(path.join(out, 'deep/er')).sort()).toEqual(['r.html', 'r.json', 'r.xml'])
    const { version, scenarios } = report
    expect(version).toBe(1)
    expect(scenarios[0]).toMatchObject({ name: 'commits before its work', verdict: 'violated', seed: '7' })
    expect(scenarios[0].counterexample).toMatchObject({ faults: 1, consumers: 1, partitions: 1 })
    const { scenario } = JSON.parse(
      readFileSync(path.join(out, 'commits-before-its-work-lost-record.json'), 'utf8'),
    )
    expect(path.resolve(out, scenario.file)).toBe(path.resolve(BEFORE))
  })

  it('the same seed again: the same verdict to the letter, but for times', () => {
    const [a, b] = [both, again].map(({ report }) => {
      const { durationMs, schedulesPerSecond, counterexample, ...rest } = report.scenarios[0]
      return { ...rest, story: counterexample.story, sentence: counterexample.sentence }
    })
    expect(a).toEqual(b)
  })

  it('JSON on standard output is alone there; verdicts go to standard error', async () => {
    const { stdout, stderr } = await runMain(['check', AFTER, '--runs', '3', '--seed', '1', '--json', '-'])
    expect(JSON.parse(stdout)).toHaveProperty('scenarios.0.verdict', 'held')
    expect(stderr).toContain('✓ commits after its work')
  })

  it('no seed given: a new one, printed', async () => {
    const { stdout } = await runMain(['check', AFTER, '--runs', '2'])
    expect(stdout).toMatch(/, seed \d+\n/)
  })

  it('a time limit that ends before the runs: held, and it says so', async () => {
    const nowMs = steppingClock(100)
    const { stdout, code } = await runMain(['check', AFTER, '--runs', '10000000', '--time', '5s'], { nowMs })
    expect(stdout).toMatch(
      /held over [\d,]+ schedules, with .*\n {2}the time was up after \d+ of 10000000 schedules; none of them failed/,
    )
    expect(code).toBe(EXIT.held)
  })

  it('the local time is that of UTC on every thread, wherever the machine stands', async () => {
    const args = [
      'check',
      `${SCENARIOS}/local-time.scenario.ts`,
      '--runs',
      '400',
      '--seed',
      '1',
      '--jobs',
      '2',
    ]
    const { stdout, code } = await runCli([...args, '--strategy', 'random'], { env: { TZ: 'Asia/Tokyo' } })
    expect(stdout).toMatch(/held over 400 schedules/)
    expect(code).toBe(EXIT.held)
  })

  it('a search that tried no fault, or few, does not look like a whole one', async () => {
    const one = await runMain(['check', AFTER, '--runs', '1', '--seed', '1'])
    expect(one.stdout).toMatch(/held over 1 schedule, without a fault \(/)
    const few = await runMain(['check', AFTER, '--runs', '3', '--seed', '1'])
    expect(few.stdout).toMatch(/held over 3 schedules, with \d of \d+ single faults \(/)
  })

  it('a whole sweep can be asked for: without it the check is undecided', async () => {
    const { stdout, code } = await runMain([
      'check',
      AFTER,
      '--runs',
      '3',
      '--seed',
      '1',
      '--require',
      'sweep',
    ])
    expect(stdout).toMatch(
      /\? .* undecided after 3 schedules .*\n {2}--require sweep asks for every single fault, and \d of \d+ single faults were tried;\s+raise --runs or --time/,
    )
    expect(code).toBe(EXIT.undecided)
  })

  it('a time limit that ends before any fault: undecided, never a pass', async () => {
    const nowMs = steppingClock(100)
    const { stdout, code } = await runMain(['check', AFTER, '--time', '1ms'], { nowMs })
    expect(stdout).toContain('the time was up before any fault had happened; give it a longer --time')
    expect(code).toBe(EXIT.undecided)
  })

  it('Ctrl-C: what was done is reported, what was not begun too, exit code 2', async () => {
    let interrupted = false
    const { code, stdout, stderr } = await runMain(
      ['check', AFTER, BEFORE, '--runs', '10000000', '--out', temporaryFolder()],
      {
        // The first line of progress comes after five seconds.
        nowMs: steppingClock(1_000),
        onStderr(soFar, signal) {
          if (!interrupted && soFar.includes('schedules')) {
            interrupted = true
            signal('SIGINT')
          }
        },
      },
    )
    expect(stderr).toContain('interrupted: ending the search; once more to end at once')
    expect(stdout).toMatch(
      /\? commits after its work .* undecided after .*\n {2}interrupted after \d+ of 10000000 schedules; none of them failed/,
    )
    expect(stdout).toContain('not started: the check was interrupted before')
    expect(code).toBe(EXIT.undecided)
  })

  it('in GitHub Actions: an annotation at the scenario', () => {
    expect(again.stdout).toContain(
      `::error file=${BEFORE},line=1,title=commits before its work is at-least-once%3A violated::`,
    )
  })

  it('in GitHub Actions: an annotation holds no control character of the code under test', async () => {
    const file = path.join(temporaryFolder(), 'shouts.scenario.ts')
    const shouts = String.raw`{ ...before, name: 'clears\u001b[2Jthe screen' }`
    writeFileSync(file, `import before from '${path.resolve(BEFORE)}'\nexport default ${shouts}\n`)
    const { stdout } = await runMain(['check', file, '--seed', '7', '--out', temporaryFolder()], {
      env: { GITHUB_ACTIONS: 'true' },
    })
    const annotations = stdout.split('\n').filter((line) => line.startsWith('::'))
    expect(annotations).toHaveLength(1)
    expect(annotations[0]).toContain(String.raw`clears\x1b[2Jthe screen`)
  })

  it('FORCE_COLOR colours, and NO_COLOR wins over it', async () => {
    const args = ['check', AFTER, '--runs', '2']
    expect((await runMain(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32m')
    expect((await runMain(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\u001b')
  })
})

describe('exit codes', () => {
  it('the worst of several wins: harness error, wrong use, violated, undecided, held', () => {
    expect(exitCodeOf([HELD])).toBe(0)
    expect(exitCodeOf([HELD, INTERRUPTED])).toBe(2)
    expect(exitCodeOf([HELD, INTERRUPTED, VIOLATED])).toBe(1)
    expect(exitCodeOf([HELD, INTERRUPTED, VIOLATED, WRONG_USE])).toBe(3)
    expect(exitCodeOf([HELD, INTERRUPTED, VIOLATED, WRONG_USE, HARNESS_ERROR])).toBe(4)
  })

  it('nothing checked is undecided, never held', () => {
    expect(exitCodeOf([])).toBe(2)
  })
})

describe('onceover', () => {
  it('--help says what there is, --version which one', async () => {
    const help = await runMain(['--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('onceover check <files or globs…>')
    expect((await runMain(['check', '--help'])).stdout).toBe(help.stdout)
    expect((await runMain(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
