import net from 'node:net'
import { refusal } from './ambient/patch.ts'
import type { Proc } from './process.ts'
import type { Host } from './simulation.interface.ts'

type LookupDone = (error: Error | null, address?: string | readonly { readonly address: string }[]) => void
type Lookup = (host: string, options: object, done: LookupDone) => void

export interface ConnectTarget {
  readonly host: string
  readonly port: number
  /** The caller's own lookup: an address, or the error. */
  readonly lookup: ((done: (error: Error | null, address: string) => void) => void) | undefined
}

interface ConnectOptions {
  readonly host?: string
  readonly port?: number | string
  readonly path?: string
  readonly lookup?: Lookup
}

/** `connect(options, listener?)`, `connect(port, host?, listener?)`. */
export function targetOf(
  process: Proc,
  args: readonly unknown[],
): { target: ConnectTarget; listener: (() => void) | undefined } {
  const listener = args.find((each) => typeof each === 'function') as (() => void) | undefined
  const [first, second] = args
  const isPath = typeof first === 'string' && !/^\d+$/.test(first)
  const options = (
    typeof first === 'object' ? { ...first } : isPath ? { path: first } : { port: first }
  ) as ConnectOptions
  if (options.path !== undefined && options.port === undefined)
    throw refusal(process, `connects to ${options.path}`, 'only simulated hosts can be reached, over TCP')
  const host = (typeof second === 'string' ? second : options.host) ?? 'localhost'
  const { lookup } = options
  const port = portOf(options.port)
  if (lookup === undefined || net.isIP(host) !== 0)
    return { target: { host, port, lookup: undefined }, listener }
  return { target: { host, port, lookup: (done) => askLookup(lookup, host, done) }, listener }
}

function portOf(port: unknown): number {
  const number = Number(port)
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number
  const text = `Port should be >= 0 and < 65536. Received ${String(port)}.`
  throw Object.assign(new RangeError(text), { code: 'ERR_SOCKET_BAD_PORT' })
}

function askLookup(lookup: Lookup, host: string, done: (error: Error | null, address: string) => void): void {
  lookup(host, { family: 0, hints: 0, all: true }, (error, found) => {
    const address = typeof found === 'string' ? found : (found?.[0]?.address ?? '')
    done(error, address)
  })
}

/** Whether the name is one of a process's own machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || name.startsWith('127.') || UNSPECIFIED.has(name)
}

const UNSPECIFIED: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/**
 * The simulated host at which somebody listens, has listened, or may some day; null: the address
 * leads outside.
 */
export function findHost({ host: { network }, name: own }: Proc, name: string, port: number): Host | null {
  const known = network.host(isLoopback(name) ? own : name)
  if (known === null || network.served(known.name, port)) return known
  return known.name !== own && network.isProcess(known.name) ? known : null
}
