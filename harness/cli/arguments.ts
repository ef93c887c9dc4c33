import { type ParseArgsConfig, parseArgs } from 'node:util'
import { usage } from '../check/option-values.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { UsageError } from '../core/errors.ts'

/**
 * Options by name: whether they take a value, one each time they are typed, or a number that may be
 * left away.
 */
export type OptionTypes = Readonly<
  Record<string, 'value' | 'values' | 'flag' | { readonly numberDefault: number }>
>

export interface ParsedArguments {
  readonly positionals: readonly string[]
  readonly values: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly string[]>
  readonly flags: ReadonlySet<string>
}

/**
 * Splits arguments with `node:util`. What is wrong is found in its tokens, so that our sentences do
 * not change with the version of Node.
 * @throws UsageError `unknown-option`
 */
export function parse(command: string, args: readonly string[], types: OptionTypes): ParsedArguments {
  const options: ParseArgsConfig['options'] = {}
  for (const [name, type] of Object.entries(types))
    options[name] = { type: type === 'flag' ? 'boolean' : 'string' }
  const { tokens } = parseArgs({
    args: withDefaults(args, types),
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const positionals: string[] = []
  const values = new Map<string, string>()
  const lists = new Map<string, string[]>()
  const flags = new Set<string>()
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (types[name] === undefined || !rawName.startsWith('--')) throw unknown(command, rawName, types)
    if (types[name] === 'flag') {
      if (inlineValue === true) throw usage(`${rawName} takes no value; type ${rawName} alone`)
      flags.add(name)
    } else if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('--'))) {
      throw usage(`${rawName} needs a value behind it; see onceover --help`)
    } else if (types[name] === 'values') lists.set(name, [...(lists.get(name) ?? []), value])
    else values.set(name, value)
  }
  return { positionals, values, lists, flags }
}

/** `node:util` knows no option whose value may be left away: it is put there. */
function withDefaults(args: readonly string[], types: OptionTypes): string[] {
  return args.map((typed, index) => {
    const type = types[typed.slice(2)]
    if (typeof type !== 'object' || !typed.startsWith('--') || NUMBER.test(args[index + 1] ?? ''))
      return typed
    return `${typed}=${type.numberDefault}`
  })
}

const NUMBER = /^-?[\d.]+$/

function unknown(command: string, rawName: string, types: OptionTypes): UsageError {
  const names = Object.keys(types).map((name) => `--${name}`)
  const hint = didYouMean(rawName, names) ?? `it knows ${names.join(', ')}`
  return usage(`onceover ${command} has no option ${rawName}; ${hint}`)
}
