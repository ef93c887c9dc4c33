import net from 'node:net'
import tls from 'node:tls'
import type { Proc } from '../process.ts'
import { SimSocket } from '../socket.ts'
import { targetOf } from '../socket-target.ts'
import { StreamSocket } from '../stream-socket.ts'
import { currentProcess } from './current.ts'
import { refusal, within } from './patch.ts'

/**
 * `net` and `tls` connect over the simulated network; TLS is taken for accepted, and nothing is
 * encrypted.
 */
export function patchSockets(): void {
  within(net, 'connect', (process, args) => connect(process, args, false))
  within(net, 'createConnection', (process, args) => connect(process, args, false))
  within(tls, 'connect', (process, args) => connect(process, args, true))
  const RealSocket = net.Socket
  const PatchedSocket = new Proxy(RealSocket, {
    construct(socket, args, newTarget) {
      const process = currentProcess()
      if (process === undefined) return Reflect.construct(socket, args, newTarget) as object
      if (newTarget !== PatchedSocket) {
        throw refusal(
          process,
          'makes an instance of a class that extends net.Socket',
          'use net.connect and wrap its socket',
        )
      }
      return new StreamSocket(process, { encrypted: false, allowHalfOpen: allowsHalfOpen(args[0]) })
    },
  })
  Object.assign(net, { Socket: PatchedSocket, Stream: PatchedSocket })
  recognise([RealSocket, PatchedSocket], false)
  recognise([tls.TLSSocket], true)
}

type Simulated = SimSocket | StreamSocket

function isSimulated(value: unknown): value is Simulated {
  return value instanceof SimSocket || value instanceof StreamSocket
}

function connect(process: Proc, args: readonly unknown[], encrypted: boolean): Simulated {
  const options = args.find((each) => typeof each === 'object' && each !== null)
  const listener = args.find((each) => typeof each === 'function') as (() => void) | undefined
  const wrapped = (options as { readonly socket?: unknown } | undefined)?.socket
  if (encrypted && isSimulated(wrapped)) return wrapped.encrypt(listener)
  const { host, port } = targetOf(process, args).target
  const Socket = isPlain(process, host, port) ? SimSocket : StreamSocket
  return new Socket(process, { encrypted, allowHalfOpen: allowsHalfOpen(options) }).connect(...args)
}

/** Most bytes of a run travel between Kafka and its clients, which need no stream. */
function isPlain({ host: { network } }: Proc, name: string, port: number): boolean {
  const host = network.host(name)
  return host !== null && network.isPlain(host.name, port)
}

function allowsHalfOpen(options: unknown): boolean {
  return (options as { readonly allowHalfOpen?: boolean } | undefined)?.allowHalfOpen === true
}

/** `socket instanceof net.Socket` holds for simulated sockets too. */
function recognise(classes: readonly [object, ...object[]], encryptedOnly: boolean): void {
  const ordinary = Function.prototype[Symbol.hasInstance]
  Object.defineProperty(classes[0], Symbol.hasInstance, {
    configurable: true,
    value(this: object, value: unknown) {
      if (ordinary.call(this, value)) return true
      return classes.includes(this) && isSimulated(value) && (value.encrypted || !encryptedOnly)
    },
  })
}
