import { type RedisDatabase, RedisFailure } from '../database.ts'
import type { RedisReply } from '../replies.ts'

/** One command: its arguments, without its name, and what it answers. */
export interface RedisCommand {
  /** How many arguments it takes at least, and at most. */
  readonly takes: readonly [number, number]
  run(database: RedisDatabase, args: readonly string[]): RedisReply
}

export type RedisCommands = Readonly<Record<string, RedisCommand>>

/** A command of so many arguments, or of that many and more. */
export function takes(least: number, most: number | 'more', run: RedisCommand['run']): RedisCommand {
  return { takes: [least, most === 'more' ? Number.POSITIVE_INFINITY : most], run }
}

const NO_INTEGER = 'ERR value is not an integer or out of range'
const INT64 = 63

/** @throws RedisFailure as Redis answers */
export function whole(text: string | undefined, failure = NO_INTEGER): number {
  return Number(integer(text, failure))
}

/**
 * The sum of two whole numbers of 64 bits.
 * @param failure of the first one, where it is none
 * @throws RedisFailure as Redis answers
 */
export function sumOf(text: string, by: bigint, failure = NO_INTEGER): bigint {
  const sum = integer(text, failure) + by
  if (!fits(sum)) throw new RedisFailure('ERR increment or decrement would overflow')
  return sum
}

/** @throws RedisFailure as Redis answers */
export function integer(text: string | undefined, failure = NO_INTEGER): bigint {
  if (text === undefined || !/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw new RedisFailure(failure)
  const value = BigInt(text)
  if (!fits(value)) throw new RedisFailure(failure)
  return value
}

function fits(value: bigint): boolean {
  return BigInt.asIntN(INT64 + 1, value) === value
}

export const SYNTAX_ERROR = 'ERR syntax error'

/** An argument that is there, as the number of arguments was asked for. */
export function at(args: readonly string[], index: number): string {
  return args[index] ?? ''
}

/**
 * A pattern as KEYS has it: `*`, `?`, `[ab]`, `[a-z]`, `[^a]` and `\\*`. The text that a `*` stands
 * for is a group.
 */
export function globOf(pattern: string): RegExp {
  const parts = pattern.replaceAll(/\\(.)|\[(\^?)([^\]]*)\]|./gs, (part, escaped, not, set) => {
    if (escaped !== undefined) return literally(escaped)
    if (set !== undefined)
      return set === '' && not === '' ? '(?!)' : `[${not}${set.replaceAll(/[\\[^]/g, '\\$&')}]`
    return part === '*' ? '(.*)' : part === '?' ? '.' : literally(part)
  })
  return new RegExp(`^${parts}$`, 's')
}

function literally(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/, '\\$&')
}
