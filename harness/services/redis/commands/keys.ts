import { type RedisDatabase, RedisFailure } from '../database.ts'
import { OK, type RedisReply } from '../replies.ts'
import { at, globOf, type RedisCommands, SYNTAX_ERROR, takes, whole } from './command.ts'

export const KEYS: RedisCommands = {
  DEL: takes(1, 'more', deleted),
  UNLINK: takes(1, 'more', deleted),
  EXISTS: takes(1, 'more', (database, keys) => count(keys, (key) => database.typeOf(key) !== 'none')),
  TYPE: takes(1, 1, (database, [key = '']) => ({ status: database.typeOf(key) })),
  EXPIRE: takes(2, 2, (database, [key = '', s]) => expire(database, key, database.nowMs + whole(s) * 1_000)),
  PEXPIRE: takes(2, 2, (database, [key = '', ms]) => expire(database, key, database.nowMs + whole(ms))),
  EXPIREAT: takes(2, 2, (database, [key = '', s]) => expire(database, key, whole(s) * 1_000)),
  PEXPIREAT: takes(2, 2, (database, [key = '', ms]) => expire(database, key, whole(ms))),
  PERSIST: takes(1, 1, (database, [key = '']) =>
    typeof database.expiryOf(key) === 'number' && database.expire(key, null) ? 1 : 0,
  ),
  TTL: takes(1, 1, (database, [key = '']) => left(database, key, 1_000)),
  PTTL: takes(1, 1, (database, [key = '']) => left(database, key, 1)),
  KEYS: takes(1, 1, (database, [pattern = '']) => matching(database, pattern)),
  SCAN: takes(1, 'more', (database, [, ...options]) => {
    let pattern = '*'
    for (let index = 0; index < options.length; index += 2) {
      const option = at(options, index).toUpperCase()
      if (option === 'MATCH') pattern = at(options, index + 1)
      else if (option !== 'COUNT') throw new RedisFailure(SYNTAX_ERROR)
    }
    return ['0', matching(database, pattern)]
  }),
  DBSIZE: takes(0, 0, (database) => database.keys().length),
  FLUSHDB: takes(0, 1, flush),
  FLUSHALL: takes(0, 1, flush),
}

function count(keys: readonly string[], holds: (key: string) => boolean): number {
  return keys.filter(holds).length
}

function deleted(database: RedisDatabase, keys: readonly string[]): RedisReply {
  return count(keys, (key) => database.delete(key))
}

function expire(database: RedisDatabase, key: string, atMs: number): RedisReply {
  return database.expire(key, atMs) ? 1 : 0
}

/** −2: there is no such key; −1: it stays. */
function left(database: RedisDatabase, key: string, unitMs: number): RedisReply {
  const atMs = database.expiryOf(key)
  if (atMs === undefined) return -2
  return atMs === null ? -1 : Math.round((atMs - database.nowMs) / unitMs)
}

function matching(database: RedisDatabase, pattern: string): readonly string[] {
  const glob = globOf(pattern)
  return database.keys().filter((key) => glob.test(key))
}

function flush(database: RedisDatabase): RedisReply {
  for (const key of database.keys()) database.delete(key)
  return OK
}
