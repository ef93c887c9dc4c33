import { availableParallelism } from 'node:os'
import { durationMs, requireOf, shardOf, strategyOf, usage, wholeNumber } from '../check/option-values.ts'
import { OUT_DEFAULT, RUNS_DEFAULT, STRATEGY_DEFAULT } from '../check/settings.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { CONFIRM_TIMES_DEFAULT, RELEASE_DEFAULT, TIMES_DEFAULT } from '../real/settings.ts'
import type { Shard } from '../search/shard.ts'
import { parse } from './arguments.ts'

export interface CheckArguments {
  readonly command: 'check'
  readonly files: readonly string[]
  readonly runs: number
  readonly seed: string
  readonly timeMs: number | undefined
  readonly strategy: string
  /** Threads that run schedules. */
  readonly jobs: number
  readonly require: 'sweep' | undefined
  /** Whether counterexamples of earlier checks are tried first, and those of this one kept. */
  readonly corpus: boolean
  /** How many findings of different causes end the search of a scenario. */
  readonly findings: number
  readonly shard: Shard | undefined
  readonly json: string | undefined
  readonly junit: string | undefined
  readonly html: string | undefined
  readonly out: string
  /** How many times a counterexample is replayed on a real Kafka; undefined: not at all. */
  readonly confirmTimes: number | undefined
  readonly provider: string | undefined
  readonly quiet: boolean
}

export interface MergeArguments {
  readonly command: 'merge'
  readonly files: readonly string[]
  readonly json: string | undefined
  readonly junit: string | undefined
  readonly html: string | undefined
  readonly out: string
}

export interface ReplayArguments {
  readonly command: 'replay'
  readonly file: string
  readonly timeline: boolean
  readonly mermaid: boolean
  /** Print all that the app printed. */
  readonly console: boolean
  /** A file for the events, or `-`. */
  readonly history: string | undefined
  /** The scenario may be outside of the working directory. */
  readonly trust: boolean
}

export interface RealArguments {
  readonly command: 'replay-real'
  readonly file: string
  readonly timeline: boolean
  readonly times: number
  readonly provider: string | undefined
  /** The Kafka release to run, such as `4.1.0`. */
  readonly release: string
  readonly hurry: boolean
  readonly lanes: number
  readonly history: string | undefined
  readonly json: string | undefined
  readonly trust: boolean
}

export interface ServeArguments {
  readonly command: 'serve'
  readonly brokers: number
  readonly port: number
  readonly host: string
  readonly advertisedHost: string | undefined
  readonly topics: Readonly<Record<string, number>>
  /** Names and values as they were typed. */
  readonly settings: readonly (readonly [string, string])[]
  readonly seed: string | undefined
}

export type Arguments =
  | CheckArguments
  | MergeArguments
  | ReplayArguments
  | RealArguments
  | ServeArguments
  | { readonly command: 'help' }
  | { readonly command: 'version' }

const COMMANDS = ['check', 'merge', 'replay', 'serve', 'help']
const SEED_LIMIT = 1_000_000

/** @throws UsageError with one sentence on what to type */
export function parseArguments(args: readonly string[]): Arguments {
  const [command, ...rest] = args
  switch (command) {
    case 'help':
    case '--help':
    case '-h':
      return { command: 'help' }
    case '--version':
    case '-v':
      return { command: 'version' }
    case 'check':
      return parseCheck(rest)
    case 'merge':
      return parseMerge(rest)
    case 'replay':
      return parseReplay(rest)
    case 'serve':
      return parseServe(rest)
    case undefined:
      throw usage(
        'a command is missing; type onceover check <files>, onceover replay <file>, onceover serve or onceover --help',
      )
    default:
      throw usage(
        `there is no command '${command}'; ${didYouMean(command, COMMANDS) ?? 'type onceover check <files>, onceover replay <file>, onceover serve or onceover --help'}`,
      )
  }
}

function parseCheck(args: readonly string[]): Arguments {
  const { positionals, values, flags } = parse('check', args, {
    runs: 'value',
    seed: 'value',
    time: 'value',
    strategy: 'value',
    jobs: 'value',
    require: 'value',
    findings: 'value',
    'no-corpus': 'flag',
    shard: 'value',
    json: 'value',
    junit: 'value',
    html: 'value',
    out: 'value',
    confirm: { numberDefault: CONFIRM_TIMES_DEFAULT },
    provider: 'value',
    quiet: 'flag',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  if (positionals.length === 0) throw usage('check needs a file; type onceover check <files or globs…>')
  const time = values.get('time')
  const runs = values.get('runs')
  const jobs = values.get('jobs')
  const required = values.get('require')
  const findings = values.get('findings')
  const confirm = values.get('confirm')
  if (confirm === undefined && values.has('provider'))
    throw usage('--provider is for --confirm; type --confirm beside it')
  return {
    command: 'check',
    files: positionals,
    runs: runs === undefined ? RUNS_DEFAULT : wholeNumber('--runs', runs),
    seed: seedOf(values.get('seed')),
    timeMs: time === undefined ? undefined : durationMs('--time', time),
    strategy: strategyOf(values.get('strategy') ?? STRATEGY_DEFAULT),
    jobs: jobs === undefined ? availableParallelism() : wholeNumber('--jobs', jobs),
    require: required === undefined ? undefined : requireOf(required),
    corpus: !flags.has('no-corpus'),
    findings: findings === undefined ? 1 : wholeNumber('--findings', findings),
    shard: shardFrom(values),
    json: values.get('json'),
    junit: values.get('junit'),
    html: values.get('html'),
    out: values.get('out') ?? OUT_DEFAULT,
    confirmTimes: confirm === undefined ? undefined : wholeNumber('--confirm', confirm),
    provider: values.get('provider'),
    quiet: flags.has('quiet'),
  }
}

/** The parts of a search must be parts of the same one. */
function shardFrom(values: ReadonlyMap<string, string>): Shard | undefined {
  const text = values.get('shard')
  if (text === undefined) return undefined
  if (values.get('seed') === undefined)
    throw usage('--shard needs --seed: all parts of a search draw from the same seed; add --seed 1')
  if (values.get('require') !== undefined)
    throw usage('--require sweep is asked of a whole search, and --shard does a part; take one of them away')
  return shardOf('--shard', text)
}

function parseMerge(args: readonly string[]): Arguments {
  const { positionals, values, flags } = parse('merge', args, {
    json: 'value',
    junit: 'value',
    html: 'value',
    out: 'value',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  if (positionals.length === 0)
    throw usage('merge needs the files that check --shard wrote; type onceover merge .onceover/shard-*.json')
  return {
    command: 'merge',
    files: positionals,
    json: values.get('json'),
    junit: values.get('junit'),
    html: values.get('html'),
    out: values.get('out') ?? OUT_DEFAULT,
  }
}

function seedOf(text: string | undefined): string {
  if (text === undefined) return String(Math.floor(Math.random() * SEED_LIMIT))
  if (text === '') throw usage("--seed takes a word or a number, not ''")
  return text
}

function parseReplay(args: readonly string[]): Arguments {
  const { positionals, values, flags } = parse('replay', args, {
    timeline: 'flag',
    mermaid: 'flag',
    console: 'flag',
    history: 'value',
    trust: 'flag',
    on: 'value',
    times: 'value',
    provider: 'value',
    kafka: 'value',
    hurry: 'flag',
    lanes: 'value',
    json: 'value',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0)
    throw usage(
      `replay takes one file, not ${positionals.length}; type onceover replay <counterexample.json>`,
    )
  const on = values.get('on') ?? 'simulation'
  if (on !== 'real' && on !== 'simulation')
    throw usage(`there is no '${on}' to replay on; type --on real or --on simulation`)
  if (on === 'real') {
    if (values.get('history') === '-' && values.get('json') === '-')
      throw usage(
        '--history - and --json - both want standard output for themselves; give one of them a file',
      )
    const simulated = SIMULATION_ONLY.find((name) => flags.has(name))
    if (simulated !== undefined) throw usage(`--${simulated} is for a simulation; leave it or --on real away`)
    return {
      command: 'replay-real',
      file,
      timeline: flags.has('timeline'),
      times: wholeNumber('--times', values.get('times') ?? String(TIMES_DEFAULT)),
      provider: values.get('provider'),
      release: releaseOf(values.get('kafka') ?? RELEASE_DEFAULT),
      hurry: flags.has('hurry'),
      lanes: wholeNumber('--lanes', values.get('lanes') ?? '1'),
      history: values.get('history'),
      json: values.get('json'),
      trust: flags.has('trust'),
    }
  }
  const real = REAL_ONLY.find((name) => values.has(name) || flags.has(name))
  if (real !== undefined) throw usage(`--${real} is for a real cluster; type --on real beside it`)
  return {
    command: 'replay',
    file,
    timeline: flags.has('timeline'),
    mermaid: flags.has('mermaid'),
    console: flags.has('console'),
    history: values.get('history'),
    trust: flags.has('trust'),
  }
}

const SIMULATION_ONLY = ['mermaid', 'console']

function releaseOf(text: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(text)) throw usage(`--kafka takes a release such as 4.1.0, not '${text}'`)
  return text
}

const REAL_ONLY = ['times', 'provider', 'kafka', 'hurry', 'lanes', 'json']

const SERVE_PORT = 9_092

function parseServe(args: readonly string[]): Arguments {
  const { positionals, values, lists, flags } = parse('serve', args, {
    brokers: 'value',
    port: 'value',
    host: 'value',
    'advertised-host': 'value',
    topic: 'values',
    setting: 'values',
    seed: 'value',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  if (positionals.length > 0) throw usage(`serve takes no file, but was given '${positionals[0]}'`)
  const port = values.get('port')
  const seed = values.get('seed')
  return {
    command: 'serve',
    brokers: wholeNumber('--brokers', values.get('brokers') ?? '1'),
    port: port === undefined ? SERVE_PORT : port === '0' ? 0 : wholeNumber('--port', port),
    host: values.get('host') ?? '127.0.0.1',
    advertisedHost: values.get('advertised-host'),
    topics: topicsOf(lists.get('topic') ?? []),
    settings: (lists.get('setting') ?? []).map(settingOf),
    seed: seed === undefined ? undefined : seedOf(seed),
  }
}

function topicsOf(texts: readonly string[]): Readonly<Record<string, number>> {
  const topics = new Map<string, number>()
  for (const text of texts) {
    const [name = '', partitions, ...more] = text.split(':')
    if (name === '' || more.length > 0)
      throw usage(`--topic takes a name and its partitions, such as orders:3, not '${text}'`)
    if (topics.has(name)) throw usage(`--topic names '${name}' twice`)
    topics.set(name, wholeNumber(`--topic ${name}:`, partitions ?? '1'))
  }
  return Object.fromEntries(topics)
}

function settingOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw usage(`--setting takes a name and a value, such as num.partitions=3, not '${text}'`)
  return [text.slice(0, at), text.slice(at + 1)]
}
