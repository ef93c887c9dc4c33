import { AsyncResource } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'
import net from 'node:net'
import type { QueuedEvent } from './event-queue.ts'
import { leaveForHost } from './outside.ts'
import type { Proc } from './process.ts'
import type { ClientConnection, Host } from './simulation.interface.ts'
import { connectError, systemError } from './socket-errors.ts'
import { SocketSilence } from './socket-silence.ts'
import { type ConnectTarget, findHost, targetOf } from './socket-target.ts'

export interface SocketOptions {
  readonly encrypted: boolean
  readonly allowHalfOpen: boolean
}

/** A socket as its dial sees it. */
export interface DialledSocket extends EventEmitter {
  readonly destroyed: boolean
  readonly encrypted: boolean
  destroy(error: Error): unknown
}

/** A socket's own part in a connection, in which its two kinds differ. */
export interface DialEvents {
  /** The connection is there; the socket's listeners hear of it next. */
  connected?(): void
  data(bytes: Buffer): void
  ended(): void
}

type DialState = 'new' | 'connecting' | 'connected'

/**
 * How a socket of a client comes to its connection, and what it knows of it: target, addresses,
 * timeout, and whether it keeps its process from ending. `SimSocket` and `StreamSocket` have one
 * each.
 */
export class SocketDial {
  readonly silence: SocketSilence
  connection: ClientConnection | null = null
  remoteAddress: string | undefined
  remotePort: number | undefined
  remoteFamily: string | undefined
  localAddress: string | undefined
  localPort: number | undefined
  readonly #process: Proc
  readonly #socket: DialledSocket
  readonly #events: DialEvents
  readonly #resource: AsyncResource
  readonly #onProcessEnd = (): void => this.connection?.clientClose()
  #state: DialState = 'new'
  #target: ConnectTarget | null = null
  #closed = false
  #ref = true
  #busy = false

  constructor(process: Proc, socket: DialledSocket, events: DialEvents) {
    this.#process = process
    this.#socket = socket
    this.#events = events
    this.#resource = new AsyncResource('OnceoverSocket', { requireManualDestroy: true })
    this.silence = new SocketSilence(process, socket, (delayUs, action) =>
      this.#later(delayUs, action, { timer: true }),
    )
  }

  connect(args: readonly unknown[]): void {
    const { target, listener } = targetOf(this.#process, args)
    if (listener !== undefined)
      this.#socket.once(this.#socket.encrypted ? 'secureConnect' : 'connect', listener)
    if (!this.#process.alive) return
    this.#state = 'connecting'
    this.#target = target
    this.remotePort = target.port
    this.#process.onEnd.add(this.#onProcessEnd)
    this.#keepBusy()
    if (target.lookup === undefined) this.#connectTo(target.host, target)
    else target.lookup((error, address) => this.#lookedUp(error, address, target))
  }

  /** TLS over a connection that exists already. */
  encrypt(listener?: () => void): void {
    if (listener !== undefined) this.#socket.once('secureConnect', listener)
    if (this.#state === 'connected') this.#later(0, () => this.#emit('secureConnect'))
  }

  /** The socket is destroyed. */
  close(): void {
    this.silence.stop()
    this.#closed = true
    this.#keepBusy()
    this.#process.onEnd.delete(this.#onProcessEnd)
    this.connection?.clientClose()
  }

  /** Whether the socket alone keeps its process from ending. */
  refer(ref: boolean): void {
    this.#ref = ref
    this.#keepBusy()
  }

  address(): { address?: string; family?: string; port?: number } {
    if (this.localAddress === undefined || this.localPort === undefined) return {}
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }

  get isNew(): boolean {
    return this.#state === 'new'
  }

  get connecting(): boolean {
    return this.#state === 'connecting' && !this.#socket.destroyed
  }

  get pending(): boolean {
    return this.#state !== 'connected'
  }

  readyState(readable: boolean, writable: boolean): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening'
    if (readable) return writable ? 'open' : 'readOnly'
    return writable ? 'writeOnly' : 'closed'
  }

  #lookedUp(error: Error | null, address: string, target: ConnectTarget): void {
    if (this.#state !== 'connecting' || this.#socket.destroyed) return
    if (error === null) this.#connectTo(address, target)
    else this.#socket.destroy(error)
  }

  #connectTo(address: string, { host, port }: ConnectTarget): void {
    const found = findHost(this.#process, address, port)
    // The run ends before anything could come of it.
    if (found === null) return void leaveForHost(this.#process, host, port)
    this.connection = this.#process.host.network.connect(this.#process, found.name, port, {
      resource: this.#resource,
      connected: () => this.#connected(found),
      failed: (code) => this.#failed(connectError(code, found.address, port), found.address),
      data: (bytes) => this.#events.data(bytes),
      ended: () => this.#events.ended(),
      lost: (code) => void this.#socket.destroy(systemError('read', code)),
    })
    this.localPort = this.connection.clientPort
  }

  #connected({ address }: Host): void {
    if (this.#socket.destroyed) return
    this.#state = 'connected'
    this.remoteAddress = address
    this.remoteFamily = 'IPv4'
    this.localAddress = this.#process.host.network.host(this.#process.name)?.address
    this.silence.moved()
    this.#emitLookup(address)
    this.#events.connected?.()
    this.#emit('connect')
    this.#emit('ready')
    if (this.#socket.encrypted) this.#emit('secureConnect')
  }

  #failed(error: NodeJS.ErrnoException, address: string): void {
    if (this.#socket.destroyed) return
    this.#emitLookup(address)
    this.#socket.destroy(error)
  }

  #emitLookup(address: string): void {
    const host = this.#target?.host ?? ''
    if (net.isIP(host) === 0) this.#emit('lookup', null, address, 4, host)
  }

  /** Nothing is told to a process that has ended. */
  #emit(name: string, ...args: unknown[]): void {
    if (this.#process.alive) this.#socket.emit(name, ...args)
  }

  /** In the async context in which the socket was made, as Node has it. */
  #later(delayUs: number, action: () => void, how: { readonly timer?: true } = {}): QueuedEvent<Proc> {
    return this.#process.host.schedule(delayUs, this.#process, action, { resource: this.#resource, ...how })
  }

  #keepBusy(): void {
    const busy = this.#state !== 'new' && !this.#closed && this.#ref
    this.#busy = this.#process.counted(this.#busy, busy)
  }
}

/** `destroySoon` of any socket: it is destroyed once what was written has left. */
export function destroyOnceWritten(socket: {
  readonly writable: boolean
  readonly writableFinished: boolean
  end(): unknown
  destroy(): unknown
  once(name: 'finish', listener: () => void): unknown
}): void {
  if (socket.writable) socket.end()
  if (socket.writableFinished) socket.destroy()
  else socket.once('finish', () => void socket.destroy())
}
