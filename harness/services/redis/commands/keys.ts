import { type RedisDatabase, RedisFailure } from '../database.ts'
import { OK, type RedisReply } from '../replies.ts'
import { at, globOf, type RedisCommand, type RedisCommands, SYNTAX_ERROR, takes, whole } from './command.ts'

export const KEYS: RedisCommands = {
  DEL: takes(1, 'more', deleted),
  UNLINK: takes(1, 'more', deleted),
  EXISTS: takes(1, 'more', (database, keys) => count(keys, (key) => database.typeOf(key) !== 'none')),
  TYPE: takes(1, 1, (database, [key = '']) => ({ status: database.typeOf(key) })),
  EXPIRE: expiring((given, nowMs) => nowMs + whole(given) * 1_000),
  PEXPIRE: expiring((given, nowMs) => nowMs + whole(given)),
  EXPIREAT: expiring((given) => whole(given) * 1_000),
  PEXPIREAT: expiring((given) => whole(given)),
  PERSIST: takes(1, 1, (database, [key = '']) =>
    typeof database.expiryOf(key) === 'number' && database.expire(key, null) ? 1 : 0,
  ),
  TTL: takes(1, 1, (database, [key = '']) => left(database, key, 1_000)),
  PTTL: takes(1, 1, (database, [key = '']) => left(database, key, 1)),
  EXPIRETIME: takes(1, 1, (database, [key = '']) => expiresAt(database, key, 1_000)),
  PEXPIRETIME: takes(1, 1, (database, [key = '']) => expiresAt(database, key, 1)),
  RENAME: takes(2, 2, (database, [from = '', to = '']) => {
    database.rename(from, to)
    return OK
  }),
  RENAMENX: takes(2, 2, (database, [from = '', to = '']) => {
    if (database.typeOf(from) !== 'none' && database.typeOf(to) !== 'none') return 0
    database.rename(from, to)
    return 1
  }),
  KEYS: takes(1, 1, (database, [pattern = '']) => matching(database, pattern)),
  SCAN: takes(1, 'more', (database, [, ...options]) => {
    let pattern = '*'
    let type: string | null = null
    for (let index = 0; index < options.length; index += 2) {
      const option = at(options, index).toUpperCase()
      if (option === 'MATCH') pattern = at(options, index + 1)
      else if (option === 'TYPE') type = at(options, index + 1).toLowerCase()
      else if (option !== 'COUNT' || options[index + 1] === undefined) throw new RedisFailure(SYNTAX_ERROR)
    }
    return ['0', matching(database, pattern).filter((key) => type === null || database.typeOf(key) === type)]
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

/**
 * `EXPIRE key s [NX | XX | GT | LT]`: GT and LT take a key that stays for one that does so for
 * ever.
 */
function expiring(whenOf: (given: string | undefined, nowMs: number) => number): RedisCommand {
  return takes(2, 'more', (database, [key = '', given, ...options]) => {
    const conditions = new Set(options.map((option) => option.toUpperCase()))
    const atMs = whenOf(given, database.nowMs)
    for (const option of options)
      if (!CONDITIONS.has(option.toUpperCase())) throw new RedisFailure(`ERR Unsupported option ${option}`)
    if (conditions.has('NX') && conditions.size > 1)
      throw new RedisFailure('ERR NX and XX, GT or LT options at the same time are not compatible')
    if (conditions.has('GT') && conditions.has('LT'))
      throw new RedisFailure('ERR GT and LT options at the same time are not compatible')
    const before = database.expiryOf(key)
    const far = before ?? Number.POSITIVE_INFINITY
    if (conditions.has('NX') && before !== null) return 0
    if (conditions.has('XX') && before === null) return 0
    if (conditions.has('GT') && atMs <= far) return 0
    if (conditions.has('LT') && atMs >= far) return 0
    return database.expire(key, atMs) ? 1 : 0
  })
}

const CONDITIONS: ReadonlySet<string> = new Set(['NX', 'XX', 'GT', 'LT'])

/** −2: there is no such key; −1: it stays. */
function left(database: RedisDatabase, key: string, unitMs: number): RedisReply {
  const atMs = database.expiryOf(key)
  if (atMs === undefined) return -2
  return atMs === null ? -1 : Math.round((atMs - database.nowMs) / unitMs)
}

/** Unix time; −2: there is no such key; −1: it stays. */
function expiresAt(database: RedisDatabase, key: string, unitMs: number): RedisReply {
  const atMs = database.expiryOf(key)
  if (atMs === undefined) return -2
  return atMs === null ? -1 : Math.round(atMs / unitMs)
}

function matching(database: RedisDatabase, pattern: string): readonly string[] {
  const glob = globOf(pattern)
  return database.keys().filter((key) => glob.test(key))
}

function flush(database: RedisDatabase): RedisReply {
  for (const key of database.keys()) database.delete(key)
  return OK
}
