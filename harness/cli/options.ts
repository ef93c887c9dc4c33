import { parseArgs } from 'node:util'
import { UsageError } from '../core/errors.ts'
import { STRATEGY_NAMES } from '../search/strategies/portfolio.ts'

export const HELP = `onceover: run a Kafka consumer through generated faults, and check its delivery guarantee

  onceover check <files or globs…>   search for a schedule that breaks the guarantee
      --runs N          schedules for each scenario (default 2000)
      --seed S          what to draw them from (default: a new one, printed)
      --time 60s        most wall time for each scenario (ms, s, m)
      --strategy NAME   ${STRATEGY_NAMES.join(', ')} (default portfolio)
      --json FILE       write the results as JSON; - for standard output
      --junit FILE      write the results as JUnit XML
      --out DIR         where counterexamples go (default .onceover)
      --quiet           no progress
  onceover replay <counterexample.json>   run exactly that schedule again
      --timeline        print the whole history as lanes
      --mermaid         print the story as a Mermaid diagram
      --on simulation   where to run it (real: not yet available)
  onceover --help, onceover --version

Exit codes: 0 held, 1 violated, 2 undecided, 3 wrong use, 4 harness error.
`

export interface CheckArguments {
  readonly command: 'check'
  readonly patterns: readonly string[]
  readonly runs: number
  readonly seed: string
  readonly timeMs: number | undefined
  readonly strategy: string
  readonly json: string | undefined
  readonly junit: string | undefined
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

const RUNS_DEFAULT = 2_000

/** @throws UsageError with one sentence on what to type */
export function parseArguments(args: readonly string[]): Arguments {
  const [command, ...rest] = args
  switch (command) {
    case undefined:
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
    default:
      throw new UsageError(
        'unknown-option',
        `there is no command '${command}'; type: onceover check <files>, onceover replay <file>, or onceover --help`,
      )
  }
}

function parseCheck(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args, {
    runs: { type: 'string' },
    seed: { type: 'string' },
    time: { type: 'string' },
    strategy: { type: 'string' },
    json: { type: 'string' },
    junit: { type: 'string' },
    out: { type: 'string' },
    quiet: { type: 'boolean' },
    help: { type: 'boolean' },
  })
  if (values['help'] === true) return { command: 'help' }
  if (positionals.length === 0)
    throw new UsageError(
      'unknown-option',
      "check needs a scenario's path; type: onceover check <files or globs>",
    )
  const strategy = String(values['strategy'] ?? 'portfolio')
  if (!(STRATEGY_NAMES as readonly string[]).includes(strategy)) {
    throw new UsageError(
      'unknown-option',
      `there is no strategy '${strategy}'; choose one of ${STRATEGY_NAMES.join(', ')}`,
    )
  }
  return {
    command: 'check',
    patterns: positionals,
    runs: wholeNumber('--runs', values['runs'] ?? String(RUNS_DEFAULT)),
    seed: text(values['seed']) ?? String(Math.floor(Math.random() * 1_000_000)),
    timeMs: values['time'] === undefined ? undefined : durationMs(String(values['time'])),
    strategy,
    json: text(values['json']),
    junit: text(values['junit']),
    out: text(values['out']) ?? '.onceover',
    quiet: values['quiet'] === true,
  }
}

function parseReplay(args: readonly string[]): Arguments {
  const { values, positionals } = parsed(args, {
    timeline: { type: 'boolean' },
    mermaid: { type: 'boolean' },
    on: { type: 'string' },
    help: { type: 'boolean' },
  })
  if (values['help'] === true) return { command: 'help' }
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      'unknown-option',
      `replay takes one file, not ${positionals.length}; type: onceover replay <counterexample.json>`,
    )
  }
  const on = values['on'] ?? 'simulation'
  if (on === 'real')
    throw new UsageError(
      'unknown-option',
      'replay on a real cluster is not available yet; leave --on away, or type --on simulation',
    )
  if (on !== 'simulation')
    throw new UsageError('unknown-option', `there is no '${String(on)}' to replay on; type --on simulation`)
  return {
    command: 'replay',
    file,
    timeline: values['timeline'] === true,
    mermaid: values['mermaid'] === true,
  }
}

type OptionTypes = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>

function parsed(
  args: readonly string[],
  options: OptionTypes,
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const names = Object.keys(options)
      .map((name) => `--${name}`)
      .join(', ')
    const message = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error)
    throw new UsageError('unknown-option', `${message}; known options: ${names}`)
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function wholeNumber(option: string, value: unknown): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError('unknown-option', `${option} takes a whole number from 1 on, not '${String(value)}'`)
  return number
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `5m`, `500ms`; a bare number means seconds. */
export function durationMs(value: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(value)
  if (match === null)
    throw new UsageError('unknown-option', `--time takes a duration such as 60s, 5m or 500ms, not '${value}'`)
  return Number(match[1]) * (UNITS_MS[match[2] ?? 's'] ?? 1_000)
}
