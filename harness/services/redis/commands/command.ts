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

/** @throws RedisFailure as Redis answers */
export function whole(text: string | undefined): number {
  if (text === undefined || !/^-?\d{1,16}$/.test(text))
    throw new RedisFailure('ERR value is not an integer or out of range')
  return Number(text)
}

export const SYNTAX_ERROR = 'ERR syntax error'

/** An argument that is there, as the number of arguments was asked for. */
export function at(args: readonly string[], index: number): string {
  return args[index] ?? ''
}

/** `*` and `?` of a pattern, as KEYS has them. */
export function globOf(pattern: string): RegExp {
  const parts = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '([^]*)')
    .replaceAll('?', '[^]')
  return new RegExp(`^${parts}$`)
}
