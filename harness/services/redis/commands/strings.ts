import { type RedisDatabase, RedisFailure } from '../database.ts'
import { OK, type RedisReply } from '../replies.ts'
import { at, integer, type RedisCommands, SYNTAX_ERROR, sumOf, takes, whole } from './command.ts'

export const STRINGS: RedisCommands = {
  GET: takes(1, 1, (database, [key = '']) => database.text(key)),
  SET: takes(2, 'more', set),
  SETNX: takes(2, 2, (database, [key = '', value = '']) =>
    set(database, [key, value, 'NX']) === null ? 0 : 1,
  ),
  SETEX: takes(3, 3, (database, [key = '', seconds, value = '']) =>
    setUntil(database, key, value, expiryOf('setex', 'EX', seconds, database.nowMs)),
  ),
  PSETEX: takes(3, 3, (database, [key = '', ms, value = '']) =>
    setUntil(database, key, value, expiryOf('psetex', 'PX', ms, database.nowMs)),
  ),
  GETSET: takes(2, 2, (database, [key = '', value = '']) => {
    const before = database.text(key)
    database.put(key, value, null)
    return before
  }),
  GETDEL: takes(1, 1, (database, [key = '']) => {
    const before = database.text(key)
    database.delete(key)
    return before
  }),
  GETEX: takes(1, 3, (database, [key = '', option, given]) => {
    const persists = option?.toUpperCase() === 'PERSIST' && given === undefined
    if (option !== undefined && !persists) demandUnit(option, given)
    const value = database.text(key)
    if (value === null || option === undefined) return value
    const expiresAtMs = persists ? null : expiryOf('getex', option, given, database.nowMs)
    if (expiresAtMs !== database.expiryOf(key)) database.expire(key, expiresAtMs)
    return value
  }),
  MGET: takes(1, 'more', (database, keys) =>
    keys.map((key) => (database.typeOf(key) === 'string' ? database.text(key) : null)),
  ),
  MSET: takes(2, 'more', (database, args) => {
    if (args.length % 2 !== 0) throw new RedisFailure("ERR wrong number of arguments for 'mset' command")
    putAll(database, args)
    return OK
  }),
  MSETNX: takes(2, 'more', (database, args) => {
    if (args.length % 2 !== 0) throw new RedisFailure("ERR wrong number of arguments for 'msetnx' command")
    if (args.some((key, index) => index % 2 === 0 && database.typeOf(key) !== 'none')) return 0
    putAll(database, args)
    return 1
  }),
  INCR: takes(1, 1, (database, [key = '']) => add(database, key, 1n)),
  DECR: takes(1, 1, (database, [key = '']) => add(database, key, -1n)),
  INCRBY: takes(2, 2, (database, [key = '', by]) => add(database, key, integer(by))),
  DECRBY: takes(2, 2, (database, [key = '', by]) => add(database, key, -integer(by))),
  APPEND: takes(2, 2, (database, [key = '', more = '']) => {
    const value = `${database.text(key) ?? ''}${more}`
    database.put(key, value)
    return value.length
  }),
  STRLEN: takes(1, 1, (database, [key = '']) => database.text(key)?.length ?? 0),
  GETRANGE: takes(3, 3, (database, [key = '', first, last]) => {
    const [from, to] = [whole(first), whole(last)]
    const text = database.text(key) ?? ''
    // Of two ends that count from the end, a first one behind the last is nothing.
    if (from < 0 && to < 0 && from > to) return ''
    const end = Math.max(to < 0 ? text.length + to : to, 0)
    return text.slice(from, end + 1)
  }),
}

function putAll(database: RedisDatabase, pairs: readonly string[]): void {
  for (let index = 0; index < pairs.length; index += 2)
    database.put(at(pairs, index), at(pairs, index + 1), null)
}

function add(database: RedisDatabase, key: string, by: bigint): RedisReply {
  const sum = sumOf(database.text(key) ?? '0', by)
  database.put(key, String(sum))
  return sum
}

interface SetOptions {
  readonly condition: 'NX' | 'XX' | null
  readonly gets: boolean
  /** Undefined: as the value before it; null: it stays. */
  readonly expiresAtMs: number | null | undefined
}

/** `SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]` */
function set(database: RedisDatabase, [key = '', value = '', ...options]: readonly string[]): RedisReply {
  const { condition, gets, expiresAtMs } = setOptions(options, database.nowMs)
  const before = gets ? database.text(key) : null
  const exists = database.typeOf(key) !== 'none'
  if (condition === 'NX' ? exists : condition === 'XX' && !exists) return before
  database.put(key, value, expiresAtMs)
  return gets ? before : OK
}

function setOptions(options: readonly string[], nowMs: number): SetOptions {
  let condition: SetOptions['condition'] = null
  let expires: readonly [string, string] | null = null
  let keeps = false
  let gets = false
  for (let index = 0; index < options.length; index += 1) {
    const option = at(options, index).toUpperCase()
    if ((option === 'NX' || option === 'XX') && (condition ?? option) === option) condition = option
    else if (option === 'GET') gets = true
    else if (option === 'KEEPTTL' && expires === null) keeps = true
    else if (option in UNITS && expires === null && !keeps && index + 1 < options.length) {
      index += 1
      expires = [option, at(options, index)]
    } else throw new RedisFailure(SYNTAX_ERROR)
  }
  if (expires === null) return { condition, gets, expiresAtMs: keeps ? undefined : null }
  return { condition, gets, expiresAtMs: expiryOf('set', ...expires, nowMs) }
}

function setUntil(database: RedisDatabase, key: string, value: string, expiresAtMs: number): RedisReply {
  database.put(key, value, expiresAtMs)
  return OK
}

const UNITS: Readonly<Record<string, readonly [number, boolean]>> = {
  EX: [1_000, true],
  PX: [1, true],
  EXAT: [1_000, false],
  PXAT: [1, false],
}

/** @throws RedisFailure as this command answers where it is no time to come */
function expiryOf(command: string, option: string, given: string | undefined, nowMs: number): number {
  const [factor, relative] = demandUnit(option, given)
  const ms = whole(given) * factor
  if (ms <= 0) throw new RedisFailure(`ERR invalid expire time in '${command}' command`)
  return relative ? nowMs + ms : ms
}

function demandUnit(option: string, given: string | undefined): readonly [number, boolean] {
  const unit = UNITS[option.toUpperCase()]
  if (unit === undefined || given === undefined) throw new RedisFailure(SYNTAX_ERROR)
  return unit
}
