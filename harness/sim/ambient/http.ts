import type { Agent, AgentOptions } from 'node:http'
import https from 'node:https'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { FreshPackages, PackageCode } from '../fresh-packages.ts'
import type { Proc } from '../process.ts'
import { findHost } from '../socket-target.ts'
import { currentProcess } from './current.ts'
import { type Dispatcher, installDispatchers, makeDispatchersWith } from './dispatcher.ts'
import { type AnyFunction, refusal, within } from './patch.ts'
import { real as ofNode } from './real.ts'

/** An import would read all its getters, one of which loads the whole of `fetch`. */
const http = process.getBuiltinModule('node:http')

const INSTEAD =
  'only simulated hosts can be reached; put it into the services of the scenario (docs/services.md), or stand in for it with context.effects or context.store'

interface RequestOptions {
  readonly hostname?: string | null
  readonly host?: string | null
  readonly port?: number | string | null
  readonly path?: string | null
  readonly agent?: Agent | boolean | null
  readonly createConnection?: unknown
}

/**
 * HTTP clients inside a simulated process reach simulated hosts, over connections of that process:
 * Node's agents and `fetch`'s dispatcher are made for each incarnation. Any other host is outside.
 */
export function patchHttp(): void {
  patchAgent(http, 'http:', (options) => new http.Agent(options))
  patchAgent(https, 'https:', (options) => new https.Agent(options))
  makeDispatchersWith(makeAgent)
  within(globalThis, 'fetch', (process, args, real) => {
    const url = URL.parse(addressOf(args[0]))
    if (url !== null && /^https?:$/.test(url.protocol) && !isReachable(process, url))
      return Promise.reject(refusal(process, `calls fetch for ${url.href}`, INSTEAD))
    installDispatchers()
    // Node notes each fetch in one list for all, and begins work of its own once that is full.
    performance.clearResourceTimings()
    const answer = real(...args) as Promise<unknown>
    keepAnswer(process, answer)
    return answer
  })
}

const undici = new PackageCode([])

/** A pool of a copy of undici whose timers and other variables belong to this incarnation. */
function makeAgent(): Dispatcher {
  const { resolve } = ofNode.createRequire(import.meta.url)
  const file = path.join(path.dirname(resolve('undici')), 'lib/dispatcher/agent.js')
  const Agent = new FreshPackages(undici).load(file) as new () => Dispatcher
  return new Agent()
}

const ANSWERS = Symbol('answers to fetch')

/**
 * An answer whose body nobody reads is cancelled, and its connection closed, when the garbage
 * collector comes to it: no two runs would be the same. So it stays as long as its process.
 */
function keepAnswer({ data }: Proc, answer: Promise<unknown>): void {
  const kept = (data.get(ANSWERS) ?? []) as unknown[]
  data.set(ANSWERS, kept)
  answer.then(
    (response) => void kept.push(response),
    () => {},
  )
}

function addressOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'url' in input ? String(input.url) : String(input)
}

function isReachable(process: Proc, { hostname, port, protocol }: URL): boolean {
  const number = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  return findHost(process, hostname, number) !== null
}

type Module = typeof http | typeof https

/** The agent that requests use which name none, as Node makes its own. */
function patchAgent(
  target: Module,
  protocol: 'http:' | 'https:',
  make: (options: AgentOptions) => Agent,
): void {
  const key = Symbol(`agent for ${protocol}`)
  const outside = Object.getOwnPropertyDescriptor(target, 'globalAgent')
  const agentOf = (process: Proc): Agent => {
    const known = process.data.get(key) as Agent | undefined
    if (known !== undefined) return known
    const made = make({ keepAlive: true, scheduling: 'lifo', timeout: 5_000 })
    process.data.set(key, made)
    return made
  }
  Object.defineProperty(target, 'globalAgent', {
    configurable: true,
    enumerable: true,
    get() {
      const process = currentProcess()
      return process === undefined ? outside?.get?.call(target) : agentOf(process)
    },
    set(agent: Agent) {
      const process = currentProcess()
      if (process === undefined) outside?.set?.call(target, agent)
      else process.data.set(key, agent)
    },
  })
  for (const method of ['request', 'get'])
    within(target, method, (process, args, real) =>
      request({ process, args, real, protocol, method }, () => agentOf(process)),
    )
}

interface Requested {
  readonly process: Proc
  readonly args: readonly unknown[]
  readonly real: AnyFunction
  readonly protocol: 'http:' | 'https:'
  readonly method: string
}

/** `request(url, options?, …)`, `request(options, …)`. */
function request({ process, args, real, protocol, method }: Requested, agent: () => Agent): unknown {
  const [first] = args
  const isUrl = typeof first === 'string' || first instanceof URL
  const rest = args.slice(isUrl ? 1 : 0)
  const given = typeof rest[0] === 'object' && rest[0] !== null ? (rest.shift() as RequestOptions) : {}
  const url = isUrl ? URL.parse(String(first)) : urlOf(protocol, given)
  if (url !== null && !isReachable(process, url))
    throw refusal(process, `calls ${protocol.slice(0, -1)}.${method} for ${url.href}`, INSTEAD)
  const own = given.agent === undefined || given.agent === null
  const options =
    own && typeof given.createConnection !== 'function' ? { ...given, agent: agent() } : { ...given }
  return real(...(isUrl ? [first] : []), options, ...rest)
}

function urlOf(protocol: string, { hostname, host, port, path }: RequestOptions): URL | null {
  const name = hostname ?? host ?? 'localhost'
  return URL.parse(`${protocol}//${name}${port ? `:${port}` : ''}${path ?? '/'}`)
}
