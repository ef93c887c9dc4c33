import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { describe, expect, it } from 'vitest'
import { exactlyOnce } from '../../../properties/index.ts'
import type { Fault } from '../../core/fault.ts'
import type { EffectTarget, Scenario } from '../../core/scenario.ts'
import type { RunResult } from '../../run/run.interface.ts'
import { prepareScenario } from '../../scenario/prepare.ts'
import { handling } from '../../scenario/testing/consumers.ts'
import { createRedisReader } from './call-reader.ts'
import { RedisDatabase } from './database.ts'
import { redis } from './index.ts'
import { replyBytes } from './replies.ts'
import { RedisSession } from './session.ts'

type NameHandler = (name: string) => Promise<unknown>

const nameOf = ({ topic, partition, offset }: EffectTarget): string => `${topic}/${partition}@${offset}`

function scenarioOf(handler: NameHandler): Scenario {
  return {
    name: 'cache',
    topics: { work: { partitions: 1 } },
    records: { work: 3 },
    consumers: 1,
    app: handling((record) => handler(nameOf(record))),
    services: { cache: redis() },
    identity: nameOf,
    effects: { from: 'cache', query: 'KEYS done:*' },
    guarantee: exactlyOnce(),
  }
}

const byIoredis: NameHandler = async (name) => {
  const client = new Redis('redis://cache:6379', { maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  try {
    const [, [, value]] = (await client
      .multi()
      .set(`done:${name}`, 'é', 'PX', 9e8, 'NX')
      .get(`done:${name}`)
      .exec()) as [unknown, [null, string]]
    if (value !== 'é') throw new Error(`it is ${value}`)
  } finally {
    client.disconnect()
  }
}

const byNodeRedis: NameHandler = async (name) => {
  const client = createClient({ url: 'redis://cache:6379', socket: { reconnectStrategy: false } })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.multi().set(`done:${name}`, 'é', { PX: 9e8, NX: true }).exec()
    if ((await client.get(`done:${name}`)) !== 'é') throw new Error('it is gone')
    await client.hSet('hash', { a: '1', b: '2' })
    if ((await client.hGetAll('hash'))['b'] !== '2') throw new Error('no hash')
  } finally {
    client.destroy()
  }
}

async function run(handler: NameHandler, ...faults: readonly Fault[]): Promise<RunResult> {
  const prepared = await prepareScenario(scenarioOf(handler), { file: import.meta.filename })
  const workload = prepared.workload('seed')
  return prepared.run({ seed: 'seed', workload, faults, holds: [] }, { stopAt: 'end', watchLeaks: true })
}

describe.each([
  ['ioredis', byIoredis],
  ['node-redis', byNodeRedis],
] as const)('%s, unmodified', (_, handler) => {
  it('has calls with names, and keys as effects', async () => {
    const { history, verdict } = await run(handler)
    const effects = history.events.filter((event) => event.kind === 'effect')
    expect(effects.map(({ call }) => call)).toEqual(
      [1, 2, 3].map((ordinal) => `consumer-0 cache EXEC#${ordinal}`),
    )
    expect(verdict.verdict).toBe('held')
  })

  it('a connection that breaks at MULTI takes the rest along', async () => {
    const target = 'consumer-0 cache MULTI#2'
    const { history } = await run(handler, {
      kind: 'service-disconnect',
      target,
      at: { event: `${target} sent` },
    })
    const calls = history.events.filter((event) => event.kind === 'effect').map(({ call }) => call)
    expect(calls).toEqual(
      [1, 2, 3].map((ordinal) => expect.stringMatching(`EXEC#${ordinal}|EXEC#${ordinal + 1}`)),
    )
  })

  it('a transaction whose answer is lost is done', async () => {
    const target = 'consumer-0 cache EXEC#2'
    const { history, skipped } = await run(handler, {
      kind: 'service-answer-lost',
      target,
      at: { event: `${target} sent` },
    })
    expect(skipped).toEqual([])
    expect(history.events.filter(({ kind }) => kind === 'effect')).toHaveLength(3)
    expect(history.events.filter(({ kind }) => kind === 'handler-failure').length).toBeGreaterThan(0)
  })
})

it('a command that it does not know ends the check, by name', async () => {
  const scenario = scenarioOf(async () => {
    const client = new Redis('redis://cache:6379')
    await client.zadd('scores', 1, 'a').catch(() => {})
    client.disconnect()
  })
  await expect(prepareScenario(scenario, { file: import.meta.filename })).rejects.toThrow(
    'consumer-0 calls ZADD at cache: this Redis has strings',
  )
})

/** Answers of sessions to each of these lines; `+5s` lets time pass. */
function dialogue(...lines: readonly string[]): unknown[] {
  let nowMs = 1_000
  const database = new RedisDatabase(() => nowMs)
  const sessions = new Map<string, RedisSession>()
  const sessionOf = (name: string): RedisSession => {
    const known = sessions.get(name) ?? new RedisSession({ database, unknown: () => {} })
    sessions.set(name, known)
    return known
  }
  return lines.flatMap((line) => {
    const wait = /^\+(\d+)s$/.exec(line)
    if (wait !== null) {
      nowMs += Number(wait[1]) * 1_000
      return []
    }
    const [, who = 'a', text = ''] = /^(?:(\w): )?(.*)$/.exec(line) ?? []
    const [, refused] = /^refused (\w+)$/.exec(text) ?? []
    const session = sessionOf(who)
    const reply = refused === undefined ? session.run(text.split(' ')) : session.refuse(refused, 'READONLY')
    return [String(replyBytes(reply)).replaceAll('\r\n', ' ').trim()]
  })
}

const READONLY = "-READONLY You can't write against a read only replica."
const ABORTED = '-EXECABORT Transaction discarded because of previous errors.'

describe('the commands', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'SET NX PX, which expires',
      ['SET a 1 NX PX 5000', 'SET a 2 NX', '+4s', 'PTTL a', '+1s', 'GET a', 'SET a 2 NX'],
      ['+OK', '$-1', ':1000', '$-1', '+OK'],
    ],
    [
      'SET XX GET KEEPTTL',
      ['SET a 1 EX 9', 'SET a 2 XX GET KEEPTTL', 'TTL a', 'SET a 3', 'TTL a'],
      ['+OK', '$1 1', ':9', '+OK', ':-1'],
    ],
    [
      'counters keep their expiry',
      ['INCR n', 'EXPIRE n 3', 'INCRBY n 4', 'TTL n', 'SET n x', 'INCR n'],
      [':1', ':1', ':5', ':3', '+OK', '-ERR value is not an integer or out of range'],
    ],
    [
      'a hash is no text',
      ['HSET h a 1', 'GET h', 'HGETALL h', 'HDEL h a', 'EXISTS h'],
      [
        ':1',
        '-WRONGTYPE Operation against a key holding the wrong kind of value',
        '*2 $1 a $1 1',
        ':1',
        ':0',
      ],
    ],
    [
      'lists have two ends',
      ['RPUSH l a b c', 'LPUSH l z', 'LRANGE l 0 -1', 'LRANGE l -2 -1', 'LPOP l', 'RPOP l', 'LLEN l'],
      [':3', ':4', '*4 $1 z $1 a $1 b $1 c', '*2 $1 b $1 c', '$1 z', '$1 c', ':2'],
    ],
    ['sets', ['SADD s a b a', 'SISMEMBER s b', 'SREM s a x', 'SMEMBERS s'], [':2', ':1', ':1', '*1 $1 b']],
    [
      'MULTI',
      ['MULTI', 'SET a 1', 'GET a', 'EXEC', 'EXEC'],
      ['+OK', '+QUEUED', '+QUEUED', '*2 +OK $1 1', '-ERR EXEC without MULTI'],
    ],
    [
      'a command that is wrong spoils it',
      ['MULTI', 'SET a', 'EXEC'],
      [
        '+OK',
        "-ERR wrong number of arguments for 'set' command",
        '-EXECABORT Transaction discarded because of previous errors.',
      ],
    ],
    [
      'a MULTI that is refused: nothing of it is done',
      ['refused MULTI', 'SET a 1', 'EXEC', 'GET a'],
      [READONLY, '+QUEUED', ABORTED, '$-1'],
    ],
    [
      'an EXEC that is refused: it is over',
      ['MULTI', 'SET a 1', 'refused EXEC', 'GET a', 'MULTI', 'EXEC'],
      ['+OK', '+QUEUED', READONLY, '$-1', '+OK', '*0'],
    ],
    [
      'WATCH: another connection was faster',
      ['WATCH a', 'b: SET a 2', 'MULTI', 'SET a 1', 'EXEC', 'GET a'],
      ['+OK', '+OK', '+OK', '+QUEUED', '*-1', '$1 2'],
    ],
    [
      'WATCH: it has expired meanwhile',
      ['SET a 1 EX 1', 'WATCH a', '+2s', 'MULTI', 'SET a 2', 'EXEC'],
      ['+OK', '+OK', '+OK', '+QUEUED', '*-1'],
    ],
    [
      'WATCH twice: it is watched since the first time',
      ['WATCH a', 'b: SET a 2', 'WATCH a', 'MULTI', 'EXEC'],
      ['+OK', '+OK', '+OK', '+OK', '*-1'],
    ],
    [
      'MULTI takes what is about the connection, too',
      ['MULTI', 'PING', 'UNWATCH', 'EXEC'],
      ['+OK', '+QUEUED', '+QUEUED', '*2 +PONG +OK'],
    ],
    [
      'an expiry with a condition',
      [
        'SET a 1',
        'EXPIRE a 9 XX',
        'EXPIRE a 9 NX',
        'EXPIRE a 8 NX',
        'EXPIRE a 9 GT',
        'EXPIRE a 9 LT',
        'EXPIRE a 5 LT',
        'TTL a',
        'EXPIRE a 6 gt',
        'EXPIRETIME a',
        'PEXPIRETIME a',
        'EXPIRE a 1 GT LT',
        'EXPIRE a 1 NX GT',
        'EXPIRE a 1 Soon',
      ],
      [
        ...['+OK', ':0', ':1', ':0', ':0', ':0', ':1', ':5', ':1', ':7', ':7000'],
        '-ERR GT and LT options at the same time are not compatible',
        '-ERR NX and XX, GT or LT options at the same time are not compatible',
        '-ERR Unsupported option Soon',
      ],
    ],
    [
      'the end of a key that stays is later than any, and of none there is no time',
      [
        'SET a 1',
        'EXPIRE a 9 GT',
        'EXPIRETIME a',
        'EXPIRE a 9 LT',
        'TTL a',
        'EXPIRETIME b',
        'PEXPIRE b 9 LT',
      ],
      ['+OK', ':0', ':-1', ':1', ':9', ':-2', ':0'],
    ],
    [
      'GETEX reads, and changes when a key ends',
      [
        'SET a 1',
        'GETEX a EX 9',
        'TTL a',
        'GETEX a',
        'TTL a',
        'GETEX a PERSIST',
        'TTL a',
        'GETEX a EX 0',
        'GETEX b EX 9',
      ],
      [
        '+OK',
        '$1 1',
        ':9',
        '$1 1',
        ':9',
        '$1 1',
        ':-1',
        "-ERR invalid expire time in 'getex' command",
        '$-1',
      ],
    ],
    [
      'two times, or none, are one too many for SET',
      [
        'SET a 1 EX 9 PX 9',
        'SET a 1 EX 9 KEEPTTL',
        'SET a 1 NX XX',
        'SET a 1 EX',
        'SETEX a 0 1',
        'PSETEX a 9000 1',
        'TTL a',
      ],
      [
        ...['-ERR syntax error', '-ERR syntax error', '-ERR syntax error', '-ERR syntax error'],
        ...["-ERR invalid expire time in 'setex' command", '+OK', ':9'],
      ],
    ],
    [
      'MSETNX writes all or nothing',
      ['MSETNX a 1 b 2', 'MSETNX b 3 c 4', 'MGET a b c', 'MSETNX a 1 b'],
      [':1', ':0', '*3 $1 1 $1 2 $-1', "-ERR wrong number of arguments for 'msetnx' command"],
    ],
    [
      'a part of a text',
      [
        'SET a abcdef',
        'GETRANGE a 1 3',
        'GETRANGE a -2 -1',
        'GETRANGE a -1 -3',
        'GETRANGE a -9 -8',
        'GETRANGE b 0 1',
      ],
      ['+OK', '$3 bcd', '$2 ef', '$0', '$1 a', '$0'],
    ],
    [
      'a new name is a change of the key that had it',
      ['SET a 1', 'WATCH b', 'c: RENAME a b', 'MULTI', 'GET b', 'EXEC'],
      ['+OK', '+OK', '+OK', '+OK', '+QUEUED', '*-1'],
    ],
    [
      'SCAN by type',
      ['MSET a 1 b 2', 'SADD s x', 'SCAN 0 TYPE set', 'SCAN 0 MATCH a TYPE STRING', 'SCAN 0 COUNT'],
      ['+OK', ':1', '*2 $1 0 *1 $1 s', '*2 $1 0 *1 $1 a', '-ERR syntax error'],
    ],
    [
      'several members of a set, and of a list from its right end',
      [
        ...['SADD s a b', 'SMISMEMBER s a x b', 'SMISMEMBER t a', 'RPUSH l a b c', 'RPOP l 2', 'RPUSHX l d'],
        ...['RPUSHX m d', 'LPUSHX l z', 'LRANGE l 0 -1', 'LPOP l -1', 'LPOP l 0'],
      ],
      [
        ...[':2', '*3 :1 :0 :1', '*1 :0', ':3', '*2 $1 c $1 b', ':2'],
        ...[':0', ':3', '*3 $1 z $1 a $1 d', '-ERR value is out of range, must be positive', '*0'],
      ],
    ],
    [
      'LREM from the left, and all',
      ['RPUSH l a b a c a', 'LREM l 1 a', 'LRANGE l 0 -1', 'LREM l 0 a', 'LRANGE l 0 -1'],
      [':5', ':1', '*4 $1 b $1 a $1 c $1 a', ':2', '*2 $1 b $1 c'],
    ],
    [
      'a key with another name has the same time to live',
      ['SET a 1 EX 9', 'RENAME a b', 'TTL b', 'EXISTS a', 'SET a 2', 'RENAMENX a b', 'RENAME x y'],
      ['+OK', '+OK', ':9', ':0', '+OK', ':0', '-ERR no such key'],
    ],
    [
      'a number has 64 bits, and no zeros before it',
      ['SET n 9223372036854775806', 'INCR n', 'INCR n', 'SET n 007', 'INCR n'],
      [
        '+OK',
        ':9223372036854775807',
        '-ERR increment or decrement would overflow',
        '+OK',
        '-ERR value is not an integer or out of range',
      ],
    ],
    [
      'a list from the inside',
      [
        'RPUSH l a b a c a',
        'LREM l -2 a',
        'LINDEX l -1',
        'LSET l 1 x',
        'LSET l 9 x',
        'LPOP l 2',
        'LPOP m 2',
        'LPUSHX m a',
      ],
      [':5', ':2', '$1 c', '+OK', '-ERR index out of range', '*2 $1 a $1 x', '*-1', ':0'],
    ],
    [
      'patterns with sets and signs that stand for themselves',
      ['MSET a 1 b 2 [x] 3 c* 4', 'KEYS [^a]', 'KEYS \\[x\\]', 'KEYS c\\*', 'KEYS [a-b]'],
      ['+OK', '*1 $1 b', '*1 $3 [x]', '*1 $2 c*', '*2 $1 a $1 b'],
    ],
    [
      'patterns',
      ['MSET a:1 x a:2 y b z', 'KEYS a:*', 'SCAN 0 MATCH b* COUNT 9', 'DEL a:1 b c'],
      ['+OK', '*2 $3 a:1 $3 a:2', '*2 $1 0 *1 $1 b', ':2'],
    ],
  ])('%s', (_, lines, replies) => {
    expect(dialogue(...lines)).toEqual(replies)
  })
})

it('the calls in what a client sends leave out what sets the connection up', () => {
  const reader = createRedisReader()
  const command = (...parts: string[]): string =>
    `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join('')}`
  const bytes = Buffer.from(
    command('client', 'SETINFO', 'a', 'b') + command('set', 'a', '1') + command('GET', 'a'),
  )
  expect([...bytes].flatMap((byte) => reader.wrote(Buffer.from([byte])))).toEqual(['SET', 'GET'])
  expect(reader.got(Buffer.from('+OK\r\n'))).toBe(0)
  expect(reader.got(Buffer.from('+OK\r\n$1\r\n'))).toBe(1)
  expect(reader.got(Buffer.from('1\r\n'))).toBe(1)
})
