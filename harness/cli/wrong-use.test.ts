import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from './exit.ts'
import { runCli, SCENARIOS } from './testing/run-cli.ts'
import { runMain } from './testing/run-main.ts'

/** A case's name, the arguments typed, and the one sentence of the answer. */
const ARGUMENTS: readonly (readonly [string, readonly string[], string])[] = [
  [
    'no command',
    [],
    'a command is missing; type onceover check <files>, onceover replay <file>, onceover serve or onceover --help',
  ],
  ['a misspelt command', ['chek', 'x.ts'], "there is no command 'chek'; did you mean 'check'?"],
  [
    'an unknown command',
    ['frobnicate'],
    "there is no command 'frobnicate'; type onceover check <files>, onceover replay <file>, onceover serve or onceover --help",
  ],
  ['check without a file', ['check'], 'check needs a file; type onceover check <files or globs…>'],
  [
    'a misspelt option',
    ['check', 'x.ts', '--run', '5'],
    "onceover check has no option --run; did you mean '--runs'?",
  ],
  [
    'an option of another command',
    ['replay', 'x.json', '--strategy', 'pct'],
    'onceover replay has no option --strategy; it knows --timeline, --mermaid, --console, --history, --trust, --on, --times, --provider, --kafka, --hurry, --lanes, --json, --help',
  ],
  [
    'an option without its value',
    ['check', 'x.ts', '--seed'],
    '--seed needs a value behind it; see onceover --help',
  ],
  [
    'an option whose value is nothing',
    ['check', 'x.ts', '--json', ''],
    '--json needs a value behind it; see onceover --help',
  ],
  [
    'an option in the place of a value',
    ['check', 'x.ts', '--seed', '--quiet'],
    '--seed needs a value behind it; see onceover --help',
  ],
  ['a flag with a value', ['check', 'x.ts', '--quiet=yes'], '--quiet takes no value; type --quiet alone'],
  ['no runs', ['check', 'x.ts', '--runs', '0'], "--runs takes a whole number from 1 on, not '0'"],
  ['no tries', ['check', 'x.ts', '--confirm', '0'], "--confirm takes a whole number from 1 on, not '0'"],
  ['no threads', ['check', 'x.ts', '--jobs', '0'], "--jobs takes a whole number from 1 on, not '0'"],
  [
    'a part beyond the last',
    ['check', 'x.ts', '--seed', '1', '--shard', '4/3'],
    "--shard takes a part such as 2/5, the second of five, not '4/3'",
  ],
  [
    'a part without a seed',
    ['check', 'x.ts', '--shard', '1/3'],
    '--shard needs --seed: all parts of a search draw from the same seed; add --seed 1',
  ],
  [
    'merge without a file',
    ['merge'],
    'merge needs the files that check --shard wrote; type onceover merge .onceover/shard-*.json',
  ],
  ['runs below zero', ['check', 'x.ts', '--runs', '-5'], "--runs takes a whole number from 1 on, not '-5'"],
  [
    'a time without a unit',
    ['check', 'x.ts', '--time', '60'],
    "--time takes a duration such as 500ms, 60s, 5m or 1h, not '60'",
  ],
  [
    'a misspelt strategy',
    ['check', 'x.ts', '--strategy', 'swam'],
    "there is no strategy 'swam'; did you mean 'swarm'?",
  ],
  [
    'a glob that matches nothing',
    ['check', 'nowhere/*.scenario.ts'],
    'no file matches nowhere/*.scenario.ts; type the path of a scenario, or a glob in quotes',
  ],
  [
    'replay without a file',
    ['replay'],
    'replay takes one file, not 0; type onceover replay <counterexample.json>',
  ],
  [
    'tries on a simulated cluster',
    ['replay', 'x.json', '--times', '3'],
    '--times is for a real cluster; type --on real beside it',
  ],
  [
    'two reports that want standard output',
    ['replay', 'x.json', '--on', 'real', '--history', '-', '--json', '-'],
    '--history - and --json - both want standard output for themselves; give one of them a file',
  ],
  [
    'a diagram of a real cluster',
    ['replay', 'x.json', '--on', 'real', '--mermaid'],
    '--mermaid is for a simulation; leave it or --on real away',
  ],
  [
    'what the app printed on a real cluster',
    ['replay', 'x.json', '--on', 'real', '--console'],
    '--console is for a simulation; leave it or --on real away',
  ],
  [
    'a Kafka that is none',
    ['replay', 'x.json', '--on', 'real', '--kafka', 'newest'],
    "--kafka takes a release such as 4.1.0, not 'newest'",
  ],
  [
    'replay on the moon',
    ['replay', 'x.json', '--on', 'moon'],
    "there is no 'moon' to replay on; type --on real or --on simulation",
  ],
  ['serve with a file', ['serve', 'x.ts'], "serve takes no file, but was given 'x.ts'"],
  [
    'serve with a topic without a name',
    ['serve', '--topic', ':3'],
    "--topic takes a name and its partitions, such as orders:3, not ':3'",
  ],
  ['serve with a topic twice', ['serve', '--topic', 'a', '--topic', 'a:2'], "--topic names 'a' twice"],
  [
    'serve with a setting without a value',
    ['serve', '--setting', 'num.partitions'],
    "--setting takes a name and a value, such as num.partitions=3, not 'num.partitions'",
  ],
  [
    'serve with a setting of the wrong type',
    ['serve', '--port', '0', '--setting', 'num.partitions=many'],
    'the broker setting \'num.partitions\' must be a number, not "many"',
  ],
  [
    'serve with ports beyond the last',
    ['serve', '--brokers', '3', '--port', '65534'],
    'the first of 3 ports is between 1 and 65533, or 0 for free ports, not 65534',
  ],
  [
    'a replay file that is not there',
    ['replay', 'nowhere.json'],
    "there is no file nowhere.json; type the path of a replay file that 'onceover check' wrote",
  ],
]

describe('one sentence on standard error, and exit code 3', () => {
  it.each(ARGUMENTS)('%s', async (_title, args, sentence) => {
    const { code, stdout, stderr } = await runMain(args)
    expect(stderr).toBe(`onceover: ${sentence}\n`)
    expect(stdout).toBe('')
    expect(code).toBe(EXIT.wrongUse)
  })

  it('the same from a shell', async () => {
    const { code, stdout, stderr } = await runCli(['chek', 'x.ts'])
    expect(stderr).toBe("onceover: there is no command 'chek'; did you mean 'check'?\n")
    expect([code, stdout]).toEqual([EXIT.wrongUse, ''])
  })

  it('a report that cannot be written, before the search and not after it', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'file')
    writeFileSync(file, '')
    const { code, stdout, stderr } = await runMain(['check', 'x.ts', '--json', `${file}/results.json`])
    expect(stderr).toMatch(
      new RegExp(`^onceover: ${file}/results.json cannot be written: .*; type another path\n$`),
    )
    expect(stdout).toBe('')
    expect(code).toBe(EXIT.wrongUse)
  })

  it.skipIf(!existsSync('/proc'))('a report in a folder where nobody can make any', async () => {
    const { code, stderr } = await runMain(['check', 'x.ts', '--json', '/proc/onceover/results.json'])
    expect(stderr).toMatch(
      /^onceover: \/proc\/onceover\/results.json cannot be written: .*; type another path\n$/,
    )
    expect(code).toBe(EXIT.wrongUse)
  })

  it('a folder for counterexamples that cannot be, before the search and not after it', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'file')
    writeFileSync(file, '')
    for (const out of [file, `${file}/deeper`]) {
      const { code, stdout, stderr } = await runMain(['check', 'x.ts', '--out', out])
      expect(stderr).toBe(
        `onceover: counterexamples cannot be written to ${out}: ${file} is a file; type another folder after --out\n`,
      )
      expect(stdout).toBe('')
      expect(code).toBe(EXIT.wrongUse)
    }
  })
})

const FILES: readonly (readonly [string, string, string])[] = [
  [
    'a file that is not there',
    'nope',
    `there is no file ${SCENARIOS}/nope.scenario.ts; type the path of a scenario`,
  ],
  [
    'an unknown field',
    'unknown-field',
    `${SCENARIOS}/unknown-field.scenario.ts: the scenario 'misspelt' has an unknown field 'topic'; did you mean 'topics'?`,
  ],
  [
    'a file that throws on import',
    'throws',
    `${SCENARIOS}/throws.scenario.ts could not be loaded: Error: no configuration`,
  ],
  [
    'a file without a scenario',
    'none',
    `${SCENARIOS}/none.scenario.ts exports no scenario; write: export default defineScenario({ … })`,
  ],
  [
    'a file that waits for ever',
    'hangs',
    `${SCENARIOS}/hangs.scenario.ts never finishes loading: it awaits something at its top level that never comes`,
  ],
  [
    'an app that never subscribes',
    'never-subscribes',
    "the app of 'idle' never consumed a topic; its main() must call consumer.subscribe() and consumer.run()",
  ],
  [
    'a module that exports its main() by name',
    'exports-main',
    "the app of 'exports main' never consumed a topic: its module has no default export, so that main() runs only where the module calls it; make it the default export, or call it at the end of the module, and call consumer.subscribe() and consumer.run() in it",
  ],
  [
    'an app whose top level never ends',
    'never-loads',
    `the app of 'never loads' never consumed a topic: the top level of ${SCENARIOS}/never-loads.ts, or of a module that it imports, never ended; it awaits something that never comes`,
  ],
  [
    'an app that waits for ever before it subscribes',
    'never-starts',
    "the app of 'never starts' never consumed a topic: main() never ended; it awaits something that never comes",
  ],
  [
    'an app that exits at once',
    'exits',
    "the app of 'exits' exited with code 0 before it consumed anything; it must stay, and call consumer.subscribe() and consumer.run()",
  ],
  [
    'an app that consumes a topic without records',
    'other-topic',
    "the app of 'misspelt topic' subscribes to orders, where the scenario has no records, so that nothing can go wrong; did you mean 'ordres'?",
  ],
  [
    'a function that never makes a record',
    'no-records',
    "the scenario 'no records' has no records, so that nothing can go wrong; write records: { orders: 30 }",
  ],
  [
    'a list with something that is no scenario',
    'half-list',
    `entry 1 of the list that ${SCENARIOS}/half-list.scenario.ts exports is no scenario; write: export default [defineScenario({ … }), …]`,
  ],
  [
    'a promise of a scenario',
    'promise',
    `${SCENARIOS}/promise.scenario.ts exports a promise; write: export default await …`,
  ],
  [
    'an app that is not there',
    'missing-app',
    `the app of 'no such app' should be in ${SCENARIOS}/no-such-app.ts, which is not there; 'module' is a path from the scenario's folder`,
  ],
]

describe('one broken file does not lose what the others found', () => {
  it('each gets its sentence in the report, the good one its verdict, and the worst exit code wins', async () => {
    const files = [...FILES.map(([, name]) => name), 'commits-after'].map(
      (name) => `${SCENARIOS}/${name}.scenario.ts`,
    )
    // In a process of its own: a file that waits for ever is known by nothing else going on there.
    const { code, stdout } = await runCli(['check', ...files, '--runs', '3', '--seed', '1', '--json', '-'])
    const { scenarios } = JSON.parse(stdout) as { scenarios: { problem: string | null; verdict: string }[] }
    expect(scenarios.map(({ problem }) => problem)).toEqual([
      ...FILES.map(([, , sentence]) => sentence),
      null,
    ])
    expect(scenarios.map(({ verdict }) => verdict)).toEqual([...FILES.map(() => 'error'), 'held'])
    expect(code).toBe(EXIT.wrongUse)
  })
})
