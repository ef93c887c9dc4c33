import { type RedisDatabase, RedisFailure } from '../database.ts'
import { OK, type RedisReply } from '../replies.ts'
import { at, type RedisCommands, takes, whole } from './command.ts'

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
    const sum = whole(database.hash(key).get(field) ?? '0') + whole(by)
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
  SCARD: takes(1, 1, (database, [key = '']) => database.set(key).size),
}

export const LISTS: RedisCommands = {
  LPUSH: takes(2, 'more', (database, [key = '', ...more]) =>
    replaced(database, key, [...more.toReversed(), ...database.list(key)]),
  ),
  RPUSH: takes(2, 'more', (database, [key = '', ...more]) =>
    replaced(database, key, [...database.list(key), ...more]),
  ),
  LPOP: takes(1, 1, (database, [key = '']) => taken(database, key, 0)),
  RPOP: takes(1, 1, (database, [key = '']) => taken(database, key, -1)),
  LLEN: takes(1, 1, (database, [key = '']) => database.list(key).length),
  LRANGE: takes(3, 3, (database, [key = '', first, last]) => ranged(database.list(key), first, last)),
  LTRIM: takes(3, 3, (database, [key = '', first, last]) => {
    database.put(key, [...ranged(database.list(key), first, last)])
    return OK
  }),
}

function replaced(database: RedisDatabase, key: string, list: string[]): RedisReply {
  database.put(key, list)
  return list.length
}

function taken(database: RedisDatabase, key: string, index: 0 | -1): RedisReply {
  const value = database.list(key).at(index)
  if (value === undefined) return null
  database.put(key, index === 0 ? database.list(key).slice(1) : database.list(key).slice(0, -1))
  return value
}

/** Ends included; negative ones count from the end. */
function ranged(
  list: readonly string[],
  first: string | undefined,
  last: string | undefined,
): readonly string[] {
  const end = whole(last) + 1
  return list.slice(whole(first), end === 0 ? undefined : end)
}
