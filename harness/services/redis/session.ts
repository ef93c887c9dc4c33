import type { ServiceErrorCode } from '../../core/service.ts'
import { COMMANDS } from './commands/index.ts'
import { type RedisDatabase, RedisFailure } from './database.ts'
import { isError, NO_LIST, OK, type RedisReply } from './replies.ts'

/** Errors that it can be made to answer, in the words of Redis. */
const INJECTED: Readonly<Record<string, string>> = {
  LOADING: 'LOADING Redis is loading the dataset in memory',
  OOM: "OOM command not allowed when used memory > 'maxmemory'.",
  READONLY: "READONLY You can't write against a read only replica.",
}

type RedisWords = readonly string[]

const MORE = Number.POSITIVE_INFINITY

/** Commands about the connection itself: how many arguments each takes at least, and at most. */
const OF_CONNECTION: Readonly<Record<string, readonly [number, number]>> = {
  AUTH: [1, 2],
  CLIENT: [1, MORE],
  DISCARD: [0, 0],
  ECHO: [1, 1],
  EXEC: [0, 0],
  HELLO: [0, MORE],
  INFO: [0, MORE],
  MULTI: [0, 0],
  PING: [0, 1],
  QUIT: [0, MORE],
  SELECT: [1, 1],
  UNWATCH: [0, 0],
  WATCH: [1, MORE],
}

/** Commands that are not queued where a transaction is open. */
const AT_ONCE: ReadonlySet<string> = new Set(['DISCARD', 'EXEC', 'MULTI', 'QUIT', 'WATCH'])

export interface SessionOptions {
  readonly database: RedisDatabase
  /** A command that this Redis doesn't know: the scenario can't be checked. */
  unknown(name: string): void
}

/** One connection: its transaction, and the keys that it watches. */
export class RedisSession {
  readonly #options: SessionOptions
  /** Commands since MULTI; null: no transaction is open. */
  #queued: RedisWords[] | null = null
  /** A command could not be queued: EXEC does nothing. */
  #spoilt = false
  readonly #watched: Map<string, number> = new Map()

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /**
   * The answer of the schedule instead of doing it. Redis is in such a state for more than one
   * command: what follows a refused MULTI is not done either, and a refused EXEC ends its
   * transaction.
   */
  refuse(name: string, code: ServiceErrorCode): RedisReply {
    if (name === 'MULTI') this.#queued ??= []
    this.#spoilt ||= this.#queued !== null
    if (name === 'EXEC' || name === 'DISCARD') this.#discard()
    return { error: INJECTED[code] ?? `ERR injected ${code}` }
  }

  run(command: RedisWords): RedisReply {
    const name = (command[0] ?? '').toUpperCase()
    const wrong = this.#wrong(name, command.length - 1)
    if (this.#queued === null || (wrong === null && AT_ONCE.has(name))) return wrong ?? this.#do(command)
    if (wrong !== null) {
      this.#spoilt = true
      return wrong
    }
    this.#queued.push(command)
    return { status: 'QUEUED' }
  }

  #wrong(name: string, given: number): RedisReply | null {
    const takes = OF_CONNECTION[name] ?? COMMANDS[name]?.takes
    if (takes === undefined) {
      this.#options.unknown(name)
      return { error: `ERR unknown command '${name}'` }
    }
    const [least, most] = takes
    if (given >= least && given <= most) return null
    return { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` }
  }

  #do([given = '', ...args]: RedisWords): RedisReply {
    const name = given.toUpperCase()
    if (name in OF_CONNECTION) return this.#ofConnection(name, args)
    try {
      return COMMANDS[name]?.run(this.#options.database, args) ?? null
    } catch (error) {
      if (error instanceof RedisFailure) return { error: error.message }
      throw error
    }
  }

  /** Commands about the connection itself. */
  #ofConnection(name: string, args: RedisWords): RedisReply {
    switch (name) {
      case 'PING':
        return args[0] ?? { status: 'PONG' }
      case 'ECHO':
        return args[0] ?? ''
      case 'SELECT':
        return args[0] === '0' ? OK : { error: 'ERR DB index is out of range' }
      case 'HELLO':
        return { error: 'NOPROTO unsupported protocol version' }
      case 'INFO':
        return 'redis_version:7.4.0\r\nloading:0\r\nrole:master\r\n'
      case 'MULTI':
        return this.#multi()
      case 'EXEC':
        return this.#exec()
      case 'DISCARD':
        return this.#discard()
      case 'WATCH':
        if (this.#queued !== null) return { error: 'ERR WATCH inside MULTI is not allowed' }
        // A key that is watched already has been, since then.
        for (const key of args)
          if (!this.#watched.has(key)) this.#watched.set(key, this.#options.database.versionOf(key))
        return OK
      case 'UNWATCH':
        this.#watched.clear()
        return OK
      default:
        return OK
    }
  }

  #multi(): RedisReply {
    if (this.#queued !== null) return { error: 'ERR MULTI calls can not be nested' }
    this.#queued = []
    this.#spoilt = false
    return OK
  }

  #exec(): RedisReply {
    const queued = this.#queued
    if (queued === null) return { error: 'ERR EXEC without MULTI' }
    const changed = [...this.#watched].some(
      ([key, version]) => this.#options.database.versionOf(key) !== version,
    )
    this.#queued = null
    this.#watched.clear()
    if (this.#spoilt) return { error: 'EXECABORT Transaction discarded because of previous errors.' }
    return changed ? NO_LIST : queued.map((command) => this.#do(command))
  }

  #discard(): RedisReply {
    if (this.#queued === null) return { error: 'ERR DISCARD without MULTI' }
    this.#queued = null
    this.#watched.clear()
    return OK
  }
}

/** The error of a reply, by its first word: `WRONGTYPE`; null: it is none. */
export function errorOf(reply: RedisReply): string | null {
  return isError(reply) ? (reply.error.split(' ', 1)[0] ?? 'ERR') : null
}
