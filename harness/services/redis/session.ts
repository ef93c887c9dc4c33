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
    const own = this.#ofConnection(name, command.slice(1))
    if (own !== undefined) return own
    const wrong = this.#wrong(name, command.length - 1)
    if (this.#queued === null) return wrong ?? this.#do(command)
    if (wrong !== null) {
      this.#spoilt = true
      return wrong
    }
    this.#queued.push(command)
    return { status: 'QUEUED' }
  }

  #wrong(name: string, given: number): RedisReply | null {
    const known = COMMANDS[name]
    if (known === undefined) {
      this.#options.unknown(name)
      return { error: `ERR unknown command '${name}'` }
    }
    const [least, most] = known.takes
    if (given >= least && given <= most) return null
    return { error: `ERR wrong number of arguments for '${name.toLowerCase()}' command` }
  }

  #do([name = '', ...args]: RedisWords): RedisReply {
    try {
      return COMMANDS[name.toUpperCase()]?.run(this.#options.database, args) ?? null
    } catch (error) {
      if (error instanceof RedisFailure) return { error: error.message }
      throw error
    }
  }

  /** Commands about the connection itself; undefined: it is none of them. */
  #ofConnection(name: string, args: RedisWords): RedisReply | undefined {
    switch (name) {
      case 'PING':
        return args[0] ?? { status: 'PONG' }
      case 'ECHO':
        return args[0] ?? ''
      case 'AUTH':
      case 'CLIENT':
      case 'QUIT':
        return OK
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
        for (const key of args) this.#watched.set(key, this.#options.database.versionOf(key))
        return OK
      case 'UNWATCH':
        this.#watched.clear()
        return OK
      default:
        return undefined
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
