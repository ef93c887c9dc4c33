import type { DatabaseSync } from 'node:sqlite'
import type { Proc } from '../process.ts'
import { outsideProcesses } from './current.ts'
import { bits64, fill } from './randomness.ts'

export type SqlValue = null | number | bigint | string | Uint8Array

/** A database whose functions can be replaced: `node:sqlite` has it, and better-sqlite3. */
export interface SqlHost {
  function(name: string, options: object, call: (...args: SqlValue[]) => SqlValue): unknown
}

/** The value of one of SQLite's own functions. */
export type Evaluate = (name: string, args: readonly SqlValue[]) => SqlValue

/** Functions of times, and how many arguments stand before the first time. */
const OF_TIME = {
  date: 0,
  time: 0,
  datetime: 0,
  julianday: 0,
  unixepoch: 0,
  strftime: 1,
  timediff: 0,
} as const
/** Keywords that SQLite takes for calls of functions with these names. */
const KEYWORDS = { current_date: 'date', current_time: 'time', current_timestamp: 'datetime' } as const

/** Integers stay what they are: node:sqlite has one name for it, better-sqlite3 another. */
const INTEGERS = { useBigIntArguments: true, safeIntegers: true }

/**
 * The functions of SQL that ask the machine for its time or for chance answer as the simulated
 * process that runs has it. Times are worked out by SQLite itself, from that moment.
 */
export function defineFunctions(host: SqlHost, current: () => Proc, evaluate: Evaluate): void {
  const now = (): string => new Date(current().keeper.clock.unixMs).toISOString()
  // Within one statement they do not change, as SQLite promises of its own.
  const still = { ...INTEGERS, deterministic: true }
  for (const [name, format] of Object.entries(OF_TIME))
    host.function(name, { ...still, varargs: true }, (...args) =>
      evaluate(name, [...args.slice(0, format), ...timesAt(now(), args.slice(format))]),
    )
  for (const [name, as] of Object.entries(KEYWORDS)) host.function(name, still, () => evaluate(as, [now()]))
  host.function('random', INTEGERS, () => bits64(current().random))
  host.function('randomblob', INTEGERS, (size) =>
    fill(current().random, Buffer.alloc(Math.max(1, Number(size ?? 1)))),
  )
}

/** The arguments with this moment wherever they ask for the machine's. */
function timesAt(now: string, given: readonly SqlValue[]): SqlValue[] {
  const [first] = given
  const isLeftOut = first === undefined || (typeof first === 'string' && /^subsec(ond)?$/i.test(first))
  return [...(isLeftOut ? [now] : []), ...given].map((value) =>
    typeof value === 'string' && value.toLowerCase() === 'now' ? now : value,
  )
}

/** Asks a database in memory, which is no process's own and has SQLite's functions as they are. */
export function evaluator(make: () => DatabaseSync): Evaluate {
  let database: DatabaseSync | undefined
  return (name, args) =>
    outsideProcesses(() => {
      database ??= make()
      const statement = database.prepare(`select ${name}(${args.map(() => '?').join()}) as value`)
      statement.setReadBigInts(true)
      return statement.get(...args)?.['value'] ?? null
    })
}

/** The words by which a statement asks the machine for its time or for chance; null: none. */
export function askedOfMachine(sql: string): string | null {
  const asks =
    /\brandom(?:blob)?\s*\(|'now'|\bcurrent_(?:date|time|timestamp)\b|\b(?:date|time|datetime)\s*\(\s*\)/i
  return asks.exec(sql)?.[0] ?? null
}

/** The words by which a statement makes SQLite open another file; null: there are none. */
export function opensFile(sql: string): string | null {
  const opens = /(?:^|;)\s*(attach|vacuum\s+(?:\w+\s+)?into)\b(?!\s+(?:database\s+)?':memory:')/i
  return opens.exec(sql)?.[1] ?? null
}
