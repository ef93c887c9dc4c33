import dns from 'node:dns'
import net from 'node:net'
import tls from 'node:tls'
import type { Proc } from '../process.ts'
import { type ConnectTarget, SimSocket } from '../socket.ts'
import { currentProcess } from './current.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** `net.connect`, `tls.connect` and name look-ups lead into the simulated network. */
export function patchSockets(): void {
  const target = net as unknown as Record<string, AnyFunction>
  for (const name of ['connect', 'createConnection']) {
    const real = target[name] as AnyFunction
    target[name] = (...args) => {
      const process = currentProcess()
      return process === undefined ? real(...args) : connect(process, args, false)
    }
  }
  const RealSocket = net.Socket
  ;(net as { Socket: unknown }).Socket = new Proxy(RealSocket, {
    construct(socket, args, newTarget) {
      const process = currentProcess()
      if (process === undefined) return Reflect.construct(socket, args, newTarget) as net.Socket
      return new SimSocket(process, process.host.network)
    },
  })
  const realTls = tls.connect as AnyFunction
  ;(tls as unknown as Record<string, AnyFunction>)['connect'] = (...args) => {
    const process = currentProcess()
    return process === undefined ? realTls(...args) : connect(process, args, true)
  }
  patchLookup()
}

function connect(process: Proc, args: unknown[], encrypted: boolean): SimSocket {
  const socket = new SimSocket(process, process.host.network, encrypted)
  const [target, ...rest] = args
  return socket.connect(target as ConnectTarget | number, ...rest)
}

function patchLookup(): void {
  const target = dns as unknown as Record<string, AnyFunction>
  const realLookup = target['lookup'] as AnyFunction
  target['lookup'] = (...args) => {
    const process = currentProcess()
    if (process === undefined) return realLookup(...args)
    const done = args.at(-1) as AnyFunction
    const options = (typeof args[1] === 'object' && args[1] !== null ? args[1] : {}) as { all?: boolean }
    process.host.schedule(100, process, () => {
      const found = lookup(process, String(args[0]))
      if (found instanceof Error) done(found)
      else if (options.all === true) done(null, [found])
      else done(null, found.address, found.family)
    })
    return {}
  }
  const promises = dns.promises as unknown as Record<string, AnyFunction>
  const realPromise = promises['lookup'] as AnyFunction
  promises['lookup'] = (...args) => {
    const process = currentProcess()
    if (process === undefined) return realPromise(...args)
    const options = (args[1] ?? {}) as { all?: boolean }
    const found = lookup(process, String(args[0]))
    if (found instanceof Error) return Promise.reject(found)
    return Promise.resolve(options.all === true ? [found] : found)
  }
}

/** Simulated hosts are addressed by name everywhere; the name is its own address. */
function lookup(process: Proc, host: string): { address: string; family: number } | Error {
  if (process.host.network.knows(host)) return { address: host, family: 4 }
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
    code: 'ENOTFOUND',
    errno: -3008,
    syscall: 'getaddrinfo',
    hostname: host,
  })
}
