import { type RedisDatabase, RedisFailure } from '../database.ts'
import { OK, type RedisReply } from '../replies.ts'
import { at, type RedisCommands, SYNTAX_ERROR, takes, whole } from './command.ts'

export const STRINGS: RedisCommands = {
  GET: takes(1, 1, (database, [key = '']) => database.text(key)),
  SET: takes(2, 'more', set),
  SETNX: takes(2, 2, (database, [key = '', value = '']) =>
    set(database, [key, value, 'NX']) === null ? 0 : 1,
  ),
  SETEX: takes(3, 3, (database, [key = '', seconds = '', value = '']) =>
    set(database, [key, value, 'EX', seconds]),
  ),
  PSETEX: takes(3, 3, (database, [key = '', ms = '', value = '']) => set(database, [key, value, 'PX', ms])),
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
  MGET: takes(1, 'more', (database, keys) =>
    keys.map((key) => (database.typeOf(key) === 'string' ? database.text(key) : null)),
  ),
  MSET: takes(2, 'more', (database, args) => {
    if (args.length % 2 !== 0) throw new RedisFailure("ERR wrong number of arguments for 'mset' command")
    for (let index = 0; index < args.length; index += 2)
      database.put(at(args, index), at(args, index + 1), null)
    return OK
  }),
  INCR: takes(1, 1, (database, [key = '']) => add(database, key, 1)),
  DECR: takes(1, 1, (database, [key = '']) => add(database, key, -1)),
  INCRBY: takes(2, 2, (database, [key = '', by]) => add(database, key, whole(by))),
  DECRBY: takes(2, 2, (database, [key = '', by]) => add(database, key, -whole(by))),
  APPEND: takes(2, 2, (database, [key = '', more = '']) => {
    const value = `${database.text(key) ?? ''}${more}`
    database.put(key, value)
    return value.length
  }),
  STRLEN: takes(1, 1, (database, [key = '']) => database.text(key)?.length ?? 0),
}

function add(database: RedisDatabase, key: string, by: number): RedisReply {
  const sum = whole(database.text(key) ?? '0') + by
  database.put(key, String(sum))
  return sum
}

/** `SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]` */
function set(database: RedisDatabase, [key = '', value = '', ...options]: readonly string[]): RedisReply {
  let expiresAtMs: number | null | undefined = null
  let condition: string | null = null
  let gets = false
  for (let index = 0; index < options.length; index += 1) {
    const option = at(options, index).toUpperCase()
    if (option === 'NX' || option === 'XX') condition = option
    else if (option === 'GET') gets = true
    else if (option === 'KEEPTTL') expiresAtMs = undefined
    else {
      index += 1
      expiresAtMs = expiryOf(option, options[index], database.nowMs)
    }
  }
  const before = gets ? database.text(key) : null
  const exists = database.typeOf(key) !== 'none'
  if (condition === 'NX' ? exists : condition === 'XX' && !exists) return before
  database.put(key, value, expiresAtMs)
  return gets ? before : OK
}

const UNITS: Readonly<Record<string, readonly [number, boolean]>> = {
  EX: [1_000, true],
  PX: [1, true],
  EXAT: [1_000, false],
  PXAT: [1, false],
}

function expiryOf(option: string, given: string | undefined, nowMs: number): number {
  const unit = UNITS[option]
  if (unit === undefined || given === undefined) throw new RedisFailure(SYNTAX_ERROR)
  const [factor, relative] = unit
  const ms = whole(given) * factor
  if (ms <= 0) throw new RedisFailure("ERR invalid expire time in 'set' command")
  return relative ? nowMs + ms : ms
}
