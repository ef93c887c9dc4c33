import net from 'node:net'
import tls from 'node:tls'
import type { Proc } from '../process.ts'
import { SimSocket } from '../socket.ts'
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
      return new SimSocket(process, { encrypted: false, allowHalfOpen: allowsHalfOpen(args[0]) })
    },
  })
  Object.assign(net, { Socket: PatchedSocket, Stream: PatchedSocket })
  recognise([RealSocket, PatchedSocket], false)
  recognise([tls.TLSSocket], true)
}

function connect(process: Proc, args: readonly unknown[], encrypted: boolean): SimSocket {
  const options = args.find((each) => typeof each === 'object' && each !== null)
  const listener = args.find((each) => typeof each === 'function') as (() => void) | undefined
  const wrapped = (options as { readonly socket?: unknown } | undefined)?.socket
  if (encrypted && wrapped instanceof SimSocket) return wrapped.encrypt(listener)
  const socket = new SimSocket(process, { encrypted, allowHalfOpen: allowsHalfOpen(options) })
  return socket.connect(...args)
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
      return classes.includes(this) && value instanceof SimSocket && (value.encrypted || !encryptedOnly)
    },
  })
}
