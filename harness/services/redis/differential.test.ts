import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import RedisParser from 'redis-parser'
import seedrandom from 'seedrandom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RedisDatabase } from './database.ts'
import { replyBytes } from './replies.ts'
import { RedisSession } from './session.ts'

type CommandWords = readonly string[]

const SCRIPTS = 40
const COMMANDS_IN_SCRIPT = 250
const SESSIONS = 2

/** Answers whose order Redis leaves open. */
const UNORDERED: ReadonlySet<string> = new Set(['KEYS', 'SMEMBERS', 'HGETALL', 'HKEYS', 'HVALS', 'SCAN'])

const installed = spawnSync('redis-server', ['--version']).status === 0

describe.skipIf(!installed)(
  `the commands, as a redis-server answers them${installed ? '' : ' (skipped: no redis-server on the PATH; apt-get install redis-server)'}`,
  () => {
    let server: ChildProcess
    let folder: string
    let sockets: readonly RedisClient[]

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'onceover-redis-'))
      const socket = path.join(folder, 'redis.sock')
      const options = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
      server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] })
      await ready(server)
      sockets = await Promise.all(Array.from({ length: SESSIONS }, () => RedisClient.open(socket)))
    })

    afterAll(async () => {
      for (const each of sockets) each.end()
      const ended = once(server, 'exit')
      server.kill()
      await ended
      rmSync(folder, { recursive: true })
    })

    it.each(Array.from({ length: SCRIPTS }, (_, index) => `script ${index}`))('%s', async (seed) => {
      for (const each of sockets) for (const forgets of ['DISCARD', 'UNWATCH']) await each.ask([forgets])
      await sockets[0]?.ask(['FLUSHALL'])
      const database = new RedisDatabase(() => Date.now())
      const sessions = sockets.map(() => new RedisSession({ database, unknown: () => {} }))
      const played: string[] = []
      for (const { who, words } of script(seed)) {
        const mine = sessions[who]?.run(words)
        const ours = shown(words, parsed(replyBytes(mine ?? null)))
        const theirs = shown(words, await sockets[who]?.ask(words))
        played.push(`${who}: ${words.join(' ')}`)
        expect(ours, played.slice(-12).join('\n')).toEqual(theirs)
      }
    })
  },
)

/** A connection to the server, which gets its answers one by one. */
class RedisClient {
  readonly #socket: Socket
  readonly #waiting: ((reply: unknown) => void)[] = []

  constructor(socket: Socket) {
    this.#socket = socket
    const parser = parserOf((reply) => this.#waiting.shift()?.(reply))
    socket.on('data', (bytes) => parser.execute(bytes))
  }

  static async open(file: string): Promise<RedisClient> {
    const socket = createConnection(file)
    await once(socket, 'connect')
    return new RedisClient(socket)
  }

  ask(words: CommandWords): Promise<unknown> {
    const text = words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#socket.write(Buffer.from(`*${words.length}\r\n${text}`, 'latin1'))
    })
  }

  end(): void {
    this.#socket.destroy()
  }
}

async function ready(server: ChildProcess): Promise<void> {
  let printed = ''
  for await (const text of server.stdout ?? []) {
    printed += String(text)
    if (printed.includes('ready to accept connections')) return
  }
  throw new Error(`redis-server ended: ${printed}`)
}

function parserOf(onReply: (reply: unknown) => void): RedisParser {
  return new RedisParser({
    returnReply: onReply,
    returnError: (error) => onReply({ error: (error as Error).message }),
  })
}

function parsed(bytes: Buffer): unknown {
  let found: unknown
  parserOf((reply) => {
    found = reply
  }).execute(bytes)
  return found
}

/** An answer as it can be compared. */
function shown([name = '']: CommandWords, reply: unknown): unknown {
  if (!Array.isArray(reply)) return reply
  if (name === 'EXEC')
    return reply.map((each) => (Array.isArray(each) ? each.flat().map(String).sort() : each))
  return UNORDERED.has(name) ? reply.flat().map(String).sort() : reply
}

interface RedisStep {
  readonly who: number
  readonly words: CommandWords
}

/**
 * Commands of both connections, with few keys, so that they meet: also of the wrong type, with
 * wrong arguments, and inside of MULTI.
 */
function script(seed: string): readonly RedisStep[] {
  const chance = seedrandom(seed)
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value =>
    values[Math.floor(chance() * values.length)] ?? values[0]
  const key = (): string => pick(['a', 'b', 'c', 'd:1', 'd:2', 'e[x]'])
  const value = (): string =>
    pick(['1', '7', '-3', '007', 'x', '', 'long text', '9007199254740000', '1.5', '\xe9'])
  const field = (): string => pick(['f', 'g', 'h'])
  const number = (): string => pick(['0', '1', '2', '-1', '-2', '5', '-9', 'x', '01'])
  const seconds = (): string => pick(['100', '2000', '0', '-1', 'x'])
  const when = (): CommandWords => pick([[], [], ['NX'], ['XX'], ['GT'], ['LT']])
  const setOptions = (): CommandWords =>
    pick<() => CommandWords>([
      () => [],
      () => ['NX'],
      () => ['XX'],
      () => ['GET'],
      () => ['NX', 'GET'],
      () => ['NX', 'XX'],
      () => ['KEEPTTL'],
      () => ['EX', seconds()],
      () => ['PX', '500000'],
      () => ['EX', '100', 'KEEPTTL'],
      () => ['EX', '100', 'PX', '5'],
      () => ['EX'],
      () => ['SURPRISE'],
    ])()
  const kinds: readonly [() => CommandWords, ...(() => CommandWords)[]] = [
    () => ['GET', key()],
    () => ['SET', key(), value(), ...setOptions()],
    () => ['SETNX', key(), value()],
    () => ['SETEX', key(), seconds(), value()],
    () => ['PSETEX', key(), seconds() === 'x' ? 'x' : '90000', value()],
    () => ['GETSET', key(), value()],
    () => ['GETDEL', key()],
    () => ['MGET', key(), key()],
    () => ['MSET', key(), value(), key(), ...pick([[value()], []])],
    () => ['MSETNX', key(), value(), key(), value()],
    () => [pick(['INCR', 'DECR']), key()],
    () => [pick(['INCRBY', 'DECRBY']), key(), number()],
    () => ['APPEND', key(), value()],
    () => ['STRLEN', key()],
    () => ['GETRANGE', key(), number(), number()],
    () => ['DEL', key(), key()],
    () => ['EXISTS', key(), key()],
    () => ['TYPE', key()],
    () => ['EXPIRE', key(), seconds(), ...when()],
    () => ['PEXPIRE', key(), pick(['900000', '0', '-1']), ...when()],
    () => ['EXPIREAT', key(), pick(['4000000000', '1'])],
    () => ['PERSIST', key()],
    () => ['TTL', key()],
    () => ['EXPIRETIME', key()],
    () => ['GETEX', key(), ...pick([[], ['PERSIST'], ['EX', '77'], ['EX', '0']])],
    () => ['KEYS', pick(['*', 'd:*', '?', '[ab]', '[^a]', 'e\\[x\\]', '[a-c]', 'd:[!1]'])],
    () => ['SCAN', '0', 'COUNT', '100', ...pick([[], ['MATCH', 'd*'], ['TYPE', 'string'], ['X']])],
    () => ['DBSIZE'],
    () => ['RENAME', key(), key()],
    () => ['RENAMENX', key(), key()],
    () => ['HSET', key(), field(), value(), ...pick([[], [field()], [field(), value()]])],
    () => ['HSETNX', key(), field(), value()],
    () => ['HGET', key(), field()],
    () => ['HMGET', key(), field(), field()],
    () => ['HGETALL', key()],
    () => [pick(['HKEYS', 'HVALS', 'HLEN']), key()],
    () => ['HEXISTS', key(), field()],
    () => ['HDEL', key(), field(), field()],
    () => ['HINCRBY', key(), field(), number()],
    () => ['SADD', key(), value(), value()],
    () => ['SREM', key(), value(), value()],
    () => ['SMEMBERS', key()],
    () => ['SISMEMBER', key(), value()],
    () => ['SMISMEMBER', key(), value(), value()],
    () => ['SCARD', key()],
    () => [pick(['LPUSH', 'RPUSH', 'LPUSHX', 'RPUSHX']), key(), value(), value()],
    () => [pick(['LPOP', 'RPOP']), key(), ...pick([[], [], ['2'], ['0'], ['-1']])],
    () => ['LLEN', key()],
    () => ['LINDEX', key(), number()],
    () => ['LREM', key(), number(), value()],
    () => ['LSET', key(), number(), value()],
    () => ['LRANGE', key(), number(), number()],
    () => ['LTRIM', key(), number(), number()],
    () => ['WATCH', key()],
    () => ['UNWATCH'],
    () => ['MULTI'],
    () => ['MULTI'],
    () => ['EXEC'],
    () => ['EXEC'],
    () => ['EXEC'],
    () => ['DISCARD'],
    () => ['PING', ...pick([[], ['x']])],
    () => ['ECHO', value()],
    () => ['GET'],
    () => ['set', key(), value()],
    () => ['MULTI', 'x'],
  ]
  return Array.from({ length: COMMANDS_IN_SCRIPT }, () => ({
    who: Math.floor(chance() * SESSIONS),
    words: pick(kinds)(),
  }))
}
