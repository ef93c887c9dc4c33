import { didYouMean } from '../core/did-you-mean.ts'
import { STRATEGY_NAMES } from '../search/strategies/portfolio.ts'
import { durationMs, parse, usage, wholeNumber } from './arguments.ts'
import { OUT_DEFAULT, RUNS_DEFAULT, STRATEGY_DEFAULT } from './settings.ts'

export interface CheckArguments {
  readonly command: 'check'
  readonly files: readonly string[]
  readonly runs: number
  readonly seed: string
  readonly timeMs: number | undefined
  readonly strategy: string
  readonly json: string | undefined
  readonly junit: string | undefined
  readonly html: string | undefined
  readonly out: string
  readonly quiet: boolean
}

export interface ReplayArguments {
  readonly command: 'replay'
  readonly file: string
  readonly timeline: boolean
  readonly mermaid: boolean
}

export type Arguments =
  | CheckArguments
  | ReplayArguments
  | { readonly command: 'help' }
  | { readonly command: 'version' }

const COMMANDS = ['check', 'replay', 'serve', 'help']
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
    case 'replay':
      return parseReplay(rest)
    case 'serve':
      throw usage('serve is not available yet; onceover can check and replay')
    case undefined:
      throw usage(
        'a command is missing; type onceover check <files>, onceover replay <file> or onceover --help',
      )
    default:
      throw usage(
        `there is no command '${command}'; ${didYouMean(command, COMMANDS) ?? 'type onceover check <files>, onceover replay <file> or onceover --help'}`,
      )
  }
}

function parseCheck(args: readonly string[]): Arguments {
  const { positionals, values, flags } = parse('check', args, {
    runs: 'value',
    seed: 'value',
    time: 'value',
    strategy: 'value',
    json: 'value',
    junit: 'value',
    html: 'value',
    out: 'value',
    quiet: 'flag',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  if (positionals.length === 0) throw usage('check needs a file; type onceover check <files or globs…>')
  const time = values.get('time')
  const runs = values.get('runs')
  return {
    command: 'check',
    files: positionals,
    runs: runs === undefined ? RUNS_DEFAULT : wholeNumber('--runs', runs),
    seed: seedOf(values.get('seed')),
    timeMs: time === undefined ? undefined : durationMs('--time', time),
    strategy: strategyOf(values.get('strategy') ?? STRATEGY_DEFAULT),
    json: values.get('json'),
    junit: values.get('junit'),
    html: values.get('html'),
    out: values.get('out') ?? OUT_DEFAULT,
    quiet: flags.has('quiet'),
  }
}

function seedOf(text: string | undefined): string {
  if (text === undefined) return String(Math.floor(Math.random() * SEED_LIMIT))
  if (text === '') throw usage("--seed takes a word or a number, not ''")
  return text
}

/** @throws UsageError */
export function strategyOf(name: string): string {
  const names: readonly string[] = STRATEGY_NAMES
  if (names.includes(name)) return name
  throw usage(
    `there is no strategy '${name}'; ${didYouMean(name, names) ?? `choose one of ${names.join(', ')}`}`,
  )
}

function parseReplay(args: readonly string[]): Arguments {
  const { positionals, values, flags } = parse('replay', args, {
    timeline: 'flag',
    mermaid: 'flag',
    on: 'value',
    help: 'flag',
  })
  if (flags.has('help')) return { command: 'help' }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0)
    throw usage(
      `replay takes one file, not ${positionals.length}; type onceover replay <counterexample.json>`,
    )
  const on = values.get('on') ?? 'simulation'
  if (on === 'real')
    throw usage('replay on a real cluster is not available yet; leave --on away, or type --on simulation')
  if (on !== 'simulation') throw usage(`there is no '${on}' to replay on; type --on simulation`)
  return { command: 'replay', file, timeline: flags.has('timeline'), mermaid: flags.has('mermaid') }
}
