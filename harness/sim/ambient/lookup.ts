import dns from 'node:dns'
import net from 'node:net'
import { leaveForHost } from '../outside.ts'
import type { Proc } from '../process.ts'
import { hostNotFound } from '../socket-errors.ts'
import { type AnyFunction, refuse, within } from './patch.ts'
import { answer, answerPromise } from './thread-pool.ts'

interface FoundAddress {
  readonly address: string
  readonly family: number
}

/** Simulated hosts have addresses; any other name leads outside. */
export function patchLookup(): void {
  within(dns, 'lookup', (process, args) => {
    const spread = (found: unknown): readonly unknown[] =>
      wantsAll(args[1]) ? [found] : [(found as FoundAddress).address, (found as FoundAddress).family]
    answer(process, () => lookup(process, args), args.at(-1) as AnyFunction, { spread })
    return {}
  })
  within(dns.promises, 'lookup', (process, args) => answerPromise(process, () => lookup(process, args)))
  refuse(dns, 'lookupService', 'dns.lookupService', 'simulated hosts have no services to name')
  const targets = [dns, dns.Resolver.prototype]
  const promised = [dns.promises, dns.promises.Resolver.prototype]
  for (const [name, syscall] of Object.entries(QUERIES)) {
    for (const target of targets) {
      within(target, name, (process, args) =>
        answer(process, () => resolve(process, syscall, args[0]), args.at(-1) as AnyFunction),
      )
    }
    for (const target of promised) {
      within(target, name, (process, args) =>
        answerPromise(process, () => resolve(process, syscall, args[0])),
      )
    }
  }
}

/**
 * Each function's name for its query in an error. Simulated hosts have addresses, and no other
 * records.
 */
const QUERIES: Readonly<Record<string, string>> = {
  resolve: 'queryA',
  resolve4: 'queryA',
  resolve6: 'queryAaaa',
  resolveAny: 'queryAny',
  resolveCname: 'queryCname',
  resolveMx: 'queryMx',
  resolveNaptr: 'queryNaptr',
  resolveNs: 'queryNs',
  resolvePtr: 'queryPtr',
  resolveSoa: 'querySoa',
  resolveSrv: 'querySrv',
  resolveTxt: 'queryTxt',
  reverse: 'getHostByAddr',
}

function wantsAll(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'all' in options && options.all === true
}

function lookup(process: Proc, [name, options]: readonly unknown[]): FoundAddress | readonly FoundAddress[] {
  const found = findHost(process, String(name))
  if (found === null) throw outsideHost(process, String(name))
  return wantsAll(options) ? [found] : found
}

/** An address needs no lookup: a connection to it reports the failure. */
function findHost({ host }: Proc, name: string): FoundAddress | null {
  const known = host.network.host(name)
  if (known !== null) return { address: known.address, family: 4 }
  if (name === 'localhost') return { address: '127.0.0.1', family: 4 }
  const family = net.isIP(name)
  return family === 0 ? null : { address: name, family }
}

function outsideHost(process: Proc, name: string): Error {
  if (process.alive) leaveForHost(process, name, null)
  return hostNotFound(name)
}

function resolve(process: Proc, syscall: string, query: unknown): string[] {
  const name = String(query)
  const known = process.host.network.host(name)
  if (known === null) throw outsideHost(process, name)
  if (syscall === 'queryA') return [known.address]
  const text = `${syscall} ENODATA ${name}`
  throw Object.assign(new Error(text), { code: 'ENODATA', errno: undefined, syscall, hostname: name })
}
