import { type RedisDatabase, RedisFailure } from '../database.ts'
import { NO_LIST, OK, type RedisReply } from '../replies.ts'
import { at, integer, type RedisCommands, sumOf, takes, whole } from './command.ts'

const NOT_POSITIVE = 'ERR value is out of range, must be positive'

export const HASHES: RedisCommands = {
  HSET: takes(3, 'more', setFields),
  HMSET: takes(3, 'more', (database, args) => {
    setFields(database, args)
    return OK
  }),
  HSETNX: takes(3, 3, (database, args) =>
    database.hash(at(args, 0)).has(at(args, 1)) ? 0 : setFields(database, args),
  ),
  HGET: takes(2, 2, (database, [key = '', field = '']) => database.hash(key).get(field) ?? null),
  HMGET: takes(2, 'more', (database, [key = '', ...fields]) =>
    fields.map((field) => database.hash(key).get(field) ?? null),
  ),
  HGETALL: takes(1, 1, (database, [key = '']) => [...database.hash(key)].flat()),
  HKEYS: takes(1, 1, (database, [key = '']) => [...database.hash(key).keys()]),
  HVALS: takes(1, 1, (database, [key = '']) => [...database.hash(key).values()]),
  HLEN: takes(1, 1, (database, [key = '']) => database.hash(key).size),
  HEXISTS: takes(2, 2, (database, [key = '', field = '']) => (database.hash(key).has(field) ? 1 : 0)),
  HDEL: takes(2, 'more', (database, [key = '', ...fields]) => {
    const hash = new Map(database.hash(key))
    const gone = fields.filter((field) => hash.delete(field)).length
    if (gone > 0) database.put(key, hash)
    return gone
  }),
  HINCRBY: takes(3, 3, (database, [key = '', field = '', by]) => {
    const added = integer(by)
    const sum = sumOf(database.hash(key).get(field) ?? '0', added, 'ERR hash value is not an integer')
    setFields(database, [key, field, String(sum)])
    return sum
  }),
}

function setFields(database: RedisDatabase, [key = '', ...pairs]: readonly string[]): RedisReply {
  if (pairs.length % 2 !== 0) throw new RedisFailure("ERR wrong number of arguments for 'hset' command")
  const hash = new Map(database.hash(key))
  const before = hash.size
  for (let index = 0; index < pairs.length; index += 2) hash.set(at(pairs, index), at(pairs, index + 1))
  database.put(key, hash)
  return hash.size - before
}

export const SETS: RedisCommands = {
  SADD: takes(2, 'more', (database, [key = '', ...members]) => {
    const set = new Set([...database.set(key), ...members])
    const added = set.size - database.set(key).size
    if (added > 0) database.put(key, set)
    return added
  }),
  SREM: takes(2, 'more', (database, [key = '', ...members]) => {
    const set = new Set(database.set(key))
    const gone = members.filter((member) => set.delete(member)).length
    if (gone > 0) database.put(key, set)
    return gone
  }),
  SMEMBERS: takes(1, 1, (database, [key = '']) => [...database.set(key)]),
  SISMEMBER: takes(2, 2, (database, [key = '', member = '']) => (database.set(key).has(member) ? 1 : 0)),
  SMISMEMBER: takes(2, 'more', (database, [key = '', ...members]) => {
    const set = database.set(key)
    return members.map((member) => (set.has(member) ? 1 : 0))
  }),
  SCARD: takes(1, 1, (database, [key = '']) => database.set(key).size),
}

export const LISTS: RedisCommands = {
  LPUSH: takes(2, 'more', (database, [key = '', ...more]) =>
    replaced(database, key, [...more.toReversed(), ...database.list(key)]),
  ),
  RPUSH: takes(2, 'more', (database, [key = '', ...more]) =>
    replaced(database, key, [...database.list(key), ...more]),
  ),
  LPUSHX: takes(2, 'more', (database, [key = '', ...more]) =>
    database.list(key).length === 0
      ? 0
      : replaced(database, key, [...more.toReversed(), ...database.list(key)]),
  ),
  RPUSHX: takes(2, 'more', (database, [key = '', ...more]) =>
    database.list(key).length === 0 ? 0 : replaced(database, key, [...database.list(key), ...more]),
  ),
  LPOP: takes(1, 2, (database, [key = '', many]) =>
    taken(database, key, many, (list, count) => [list.slice(0, count), list.slice(count)]),
  ),
  RPOP: takes(1, 2, (database, [key = '', many]) =>
    taken(database, key, many, (list, count) => {
      const left = Math.max(list.length - count, 0)
      return [list.slice(left).toReversed(), list.slice(0, left)]
    }),
  ),
  LINDEX: takes(2, 2, (database, [key = '', index]) => {
    const list = database.list(key)
    return list.length === 0 ? null : (list.at(whole(index)) ?? null)
  }),
  LSET: takes(3, 3, (database, [key = '', index, value = '']) => {
    const list = [...database.list(key)]
    if (list.length === 0) throw new RedisFailure('ERR no such key')
    const given = whole(index)
    const place = given < 0 ? list.length + given : given
    if (place < 0 || place >= list.length) throw new RedisFailure('ERR index out of range')
    list[place] = value
    database.put(key, list)
    return OK
  }),
  LREM: takes(3, 3, (database, [key = '', count, value = '']) => {
    const most = whole(count)
    return removed(database, key, most, value)
  }),
  LLEN: takes(1, 1, (database, [key = '']) => database.list(key).length),
  LRANGE: takes(3, 3, (database, [key = '', first, last]) => rangeOf(first, last)(database.list(key))),
  LTRIM: takes(3, 3, (database, [key = '', first, last]) => {
    const range = rangeOf(first, last)
    const list = database.list(key)
    const kept = range(list)
    if (list.length > 0) database.put(key, [...kept])
    return OK
  }),
}

function replaced(database: RedisDatabase, key: string, list: string[]): RedisReply {
  database.put(key, list)
  return list.length
}

/** Without a number of them, it is one and no list of one. */
function taken(
  database: RedisDatabase,
  key: string,
  many: string | undefined,
  split: (list: readonly string[], count: number) => readonly [string[], string[]],
): RedisReply {
  const count = many === undefined ? 1 : whole(many, NOT_POSITIVE)
  if (count < 0) throw new RedisFailure(NOT_POSITIVE)
  const list = database.list(key)
  if (list.length === 0) return many === undefined ? null : NO_LIST
  if (count === 0) return []
  const [found, rest] = split(list, count)
  database.put(key, rest)
  return many === undefined ? (found[0] ?? null) : found
}

/** From the left; a negative number of them: from the right; 0: all. */
function removed(database: RedisDatabase, key: string, most: number, value: string): number {
  const list = most < 0 ? database.list(key).toReversed() : database.list(key)
  let gone = 0
  const rest = list.filter((each) => {
    if (each !== value || (most !== 0 && gone >= Math.abs(most))) return true
    gone += 1
    return false
  })
  if (gone > 0) database.put(key, most < 0 ? rest.toReversed() : rest)
  return gone
}

/** Ends included; negative ones count from the end. */
function rangeOf(
  first: string | undefined,
  last: string | undefined,
): (list: readonly string[]) => readonly string[] {
  const begin = whole(first)
  const end = whole(last) + 1
  return (list) => list.slice(begin, end === 0 ? undefined : end)
}
