import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { scenarioFile } from './reliability-scenarios.ts'
import { ROOT } from './repository.ts'

/**
 * `npm run reliability`: what needs processes of its own, or breaks them: endless loops, signals,
 * a full disk, no memory left, two checks at once. `--built` runs the compiled package instead of
 * the sources; `--only TEXT` runs the cases with TEXT in their title. Ends with 1 where anything is
 * not as it should be.
 */
const { values } = parseArgs({ options: { built: { type: 'boolean' }, only: { type: 'string' } } })
const FOLDER = mkdtempSync(path.join(tmpdir(), 'onceover-reliability-'))
const CLI = values.built
  ? [path.join(ROOT, 'dist/harness/cli/main.js')]
  : ['--conditions=onceover-source', path.join(ROOT, 'harness/cli/main.ts')]
const SECONDS_MAX = 300

interface EndedProcess {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

interface ProcessSettings {
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Called with all output so far whenever there is more. */
  onOutput?(soFar: string, child: ChildProcess): void
}

function onceover(args: readonly string[], options: ProcessSettings = {}): Promise<EndedProcess> {
  const { nodeOptions = [], env = {}, onOutput } = options
  // Nothing of what npm or CI told this process.
  const plain = { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1', ...env }
  const child = spawn(process.execPath, [...nodeOptions, ...CLI, ...args], { cwd: FOLDER, env: plain })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => {
    stdout += String(data)
    onOutput?.(stdout + stderr, child)
  })
  child.stderr.on('data', (data) => {
    stderr += String(data)
    onOutput?.(stdout + stderr, child)
  })
  const late = setTimeout(() => child.kill('SIGKILL'), SECONDS_MAX * 1000)
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(late)
      resolve({ code, signal, stdout, stderr })
    })
  })
}

/** Sends the signal once, as soon as the output holds the text. */
function signalAt(text: string, signal: NodeJS.Signals): Pick<ProcessSettings, 'onOutput'> {
  let sent = false
  return {
    onOutput(soFar, child) {
      if (sent || !soFar.includes(text)) return
      sent = true
      child.kill(signal)
    },
  }
}

const namesIn = (file: string): unknown =>
  existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).scenarios.map(({ name }: { name: string }) => name)
    : null

/** Complaints: none where all is as it should be. A text: why it could not be tried here. */
type ReliabilityCase = () => Promise<readonly (string | false)[] | string>

const good = scenarioFile(FOLDER, 'good', { body: 'await save()' })
const lossy = { commits: 'before' } as const

const CASES: Readonly<Record<string, ReliabilityCase>> = {
  async 'a synchronous endless loop: the process is named, exit code 4'() {
    const file = scenarioFile(FOLDER, 'loops', { body: 'for (;;) {}' })
    const { code, stderr } = await onceover(['check', file, '--time', '1s'])
    return [
      code !== 4 && `ended with ${code}`,
      !/consumer-0 has not given control back for .* it loops, at .*loops\.mjs/.test(stderr) && stderr,
    ]
  },

  async 'a time limit is obeyed inside a schedule'() {
    const file = scenarioFile(FOLDER, 'long', { body: 'await save()', records: 100_000 })
    const { code, stdout } = await onceover(['check', file, '--time', '1s'])
    return [code !== 2 && `ended with ${code}`, !stdout.includes('undecided') && stdout]
  },

  async 'one SIGTERM is obeyed inside a schedule, and the report is written'() {
    const file = scenarioFile(FOLDER, 'long', { body: 'await save()', records: 100_000 })
    const json = path.join(FOLDER, 'term.json')
    const args = ['check', good, file, '--runs', '2', '--json', json]
    const { code, stderr } = await onceover(args, signalAt('good is at-least-once', 'SIGTERM'))
    return [
      code !== 2 && `ended with ${code}`,
      !stderr.includes('interrupted: ending the search') && stderr,
      String(namesIn(json)) !== 'good,long' && `reported ${namesIn(json)}`,
    ]
  },

  async 'SIGHUP: what was finished is reported'() {
    const file = scenarioFile(FOLDER, 'long', { body: 'await save()', records: 100_000 })
    const json = path.join(FOLDER, 'hup.json')
    const args = ['check', good, file, '--runs', '2', '--json', json]
    const { signal } = await onceover(args, signalAt('good is at-least-once', 'SIGHUP'))
    return [
      signal !== 'SIGHUP' && `ended by ${signal}`,
      String(namesIn(json)) !== 'good' && `${namesIn(json)}`,
    ]
  },

  async 'no memory left: what was finished is reported'() {
    const body = 'for (const kept = []; ; ) kept.push(new Array(100_000).fill(message.offset))'
    const json = path.join(FOLDER, 'memory.json')
    const args = ['check', good, scenarioFile(FOLDER, 'hungry', { body }), '--runs', '2', '--json', json]
    const { code, signal } = await onceover(args, { nodeOptions: ['--max-old-space-size=256'] })
    return [
      code === 0 && 'ended with 0',
      signal === 'SIGKILL' && 'had to be killed',
      String(namesIn(json)) !== 'good' && `reported ${namesIn(json)}`,
    ]
  },

  async 'a full disk: one sentence a file, the exit code of the verdict, other files whole'() {
    const disk = path.join(FOLDER, 'disk')
    mkdirSync(disk)
    const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=4k', 'none', disk]).status === 0
    if (!mounted) return 'a small file system takes root'
    try {
      const file = scenarioFile(FOLDER, 'lossy', { body: 'await save()', ...lossy })
      const [json, html] = [path.join(disk, 'a.json'), path.join(FOLDER, 'a.html')]
      const out = path.join(FOLDER, 'full')
      const args = ['check', file, '--json', json, '--html', html, '--junit', path.join(disk, 'a.xml')]
      const { code, stderr } = await onceover([...args, '--out', out, '--seed', '1'])
      return [
        code !== 1 && `ended with ${code}`,
        !/a\.json could not be written: ENOSPC/.test(stderr) && stderr,
        /^ {4}at /m.test(stderr) && 'printed a stack',
        !existsSync(html) && 'left out the report on the other disk',
        readdirSync(disk).some((name) => name.endsWith('.tmp')) && 'left a temporary file',
        counterexamples(out).length !== 1 && 'wrote no counterexample',
      ]
    } finally {
      spawnSync('/bin/umount', [disk])
    }
  },

  async 'two checks at once with scenarios of one name: a counterexample each'() {
    const name = 'one name'
    const files = ['first', 'second'].map((base) =>
      scenarioFile(FOLDER, base, { body: 'await save()', name, ...lossy }),
    )
    const out = path.join(FOLDER, 'shared')
    const ended = await Promise.all(
      files.map((file) => onceover(['check', file, '--seed', '1', '--out', out])),
    )
    const owners = counterexamples(out).map(
      (file) => JSON.parse(readFileSync(path.join(out, file), 'utf8')).scenario.file,
    )
    return [
      ended.some(({ code }) => code !== 1) && `ended with ${ended.map(({ code }) => code)}`,
      new Set(owners).size !== 2 && `the files are of ${owners}`,
    ]
  },

  async 'text of the code under test neither commands a terminal nor GitHub'() {
    const body = "throw new Error('\\u001b[2J\\u009b2J x\\n::set-output name=a::b\\n::stop-commands::c')"
    const name = 'x\\r\\n::add-mask::y\\n\\u202ez'
    const file = scenarioFile(FOLDER, 'shouts', { body, name })
    const { stdout, stderr } = await onceover(['check', file, '--runs', '30', '--seed', '1'], {
      env: { GITHUB_ACTIONS: 'true' },
    })
    const lines = `${stdout}\n${stderr}`.split('\n')
    return [
      lines.some((line) => /^::(?!error )/.test(line)) && 'a line is a command',
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      lines.some((line) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(line)) && 'a control character',
    ]
  },

  async 'a timer of no time that sets itself again: a time limit is obeyed, searching and shrinking'() {
    const body = 'await new Promise(() => { const again = () => setTimeout(again, 0); again() })'
    const startedMs = performance.now()
    const { code } = await onceover(['check', scenarioFile(FOLDER, 'timers', { body }), '--time', '5s'])
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    return [code !== 1 && code !== 2 && `ended with ${code}`, seconds > 60 && `took ${seconds} s`]
  },

  async 'a service that deletes process: a verdict, and no error of the harness'() {
    const file = scenarioFile(FOLDER, 'deletes', { body: 'delete globalThis.process; await save()' })
    const { code, stderr } = await onceover(['check', file, '--runs', '20', '--seed', '1'])
    return [code !== 0 && code !== 1 && `ended with ${code}`, /^ {4}at /m.test(stderr) && stderr]
  },

  async 'killed in the middle of a write: no half file, and a later check takes the rest away'() {
    const killer = path.join(import.meta.dirname, 'testing/killed-at-rename.mjs')
    const file = scenarioFile(FOLDER, 'written', { body: 'await save()', ...lossy })
    const out = path.join(FOLDER, 'killed')
    const args = ['check', file, '--seed', '1', '--out', out, '--no-corpus']
    const { signal } = await onceover(args, { nodeOptions: ['--import', killer] })
    const left = readdirSync(out)
    for (const name of left) utimesSync(path.join(out, name), 0, 0)
    const { code } = await onceover(args)
    return [
      signal !== 'SIGKILL' && `ended by ${signal}`,
      (left.length !== 1 || !left[0]?.endsWith('.tmp')) && `left ${left}`,
      code !== 1 && `then ended with ${code}`,
      String(readdirSync(out)) !== 'written-lost-record.json' && `there is ${readdirSync(out)}`,
    ]
  },

  async 'a hundred thousand records, a thousand partitions, a hundred consumers: verdicts'() {
    const body = 'await save()'
    const files = [
      scenarioFile(FOLDER, 'many', { body, records: 100_000 }),
      scenarioFile(FOLDER, 'wide', { body, records: 1_000, partitions: 1_000 }),
      scenarioFile(FOLDER, 'crowded', { body, records: 100, partitions: 100, consumers: 100 }),
    ]
    const { code, stdout, stderr } = await onceover(['check', ...files, '--runs', '1', '--seed', '1'])
    return [code !== 0 && `ended with ${code}\n${stdout}\n${stderr}`]
  },

  async 'a million records: wrong use, in a sentence with the limit'() {
    const file = scenarioFile(FOLDER, 'million', { body: 'await save()', records: 1_000_000 })
    const { code, stdout } = await onceover(['check', file])
    return [code !== 3 && `ended with ${code}`, !stdout.includes('at most 100,000') && stdout]
  },
}

function counterexamples(out: string): string[] {
  return existsSync(out) ? readdirSync(out).filter((name) => name.endsWith('.json')) : []
}

mkdirSync(path.join(FOLDER, 'node_modules'))
symlinkSync(ROOT, path.join(FOLDER, 'node_modules/onceover'))
symlinkSync(path.join(ROOT, 'node_modules/kafkajs'), path.join(FOLDER, 'node_modules/kafkajs'))
for (const [title, run] of Object.entries(CASES)) {
  if (!title.includes(values.only ?? '')) continue
  const came = await run()
  if (typeof came === 'string') {
    console.log(`- ${title}: skipped, ${came}`)
    continue
  }
  const wrong = came.filter((each) => each !== false)
  console.log(`${wrong.length === 0 ? '✓' : '✗'} ${title}`)
  for (const each of wrong) console.log(`    ${each}`)
  if (wrong.length > 0) process.exitCode = 1
}
rmSync(FOLDER, { recursive: true, force: true })
