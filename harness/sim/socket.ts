import { AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import net from 'node:net'
import type { QueuedEvent } from './event-queue.ts'
import { leaveForHost } from './outside.ts'
import type { Proc } from './process.ts'
import type { ClientConnection, Host } from './simulation.interface.ts'
import {
  connectError,
  endedByOtherParty,
  socketClosed,
  streamDestroyed,
  systemError,
  writeAfterEnd,
} from './socket-errors.ts'
import { SocketInput } from './socket-input.ts'
import { bytesOf, SocketOutput, type WriteCallback } from './socket-output.ts'
import { SocketSilence } from './socket-silence.ts'
import { type ConnectTarget, findHost, targetOf } from './socket-target.ts'

export interface SocketOptions {
  readonly encrypted: boolean
  readonly allowHalfOpen: boolean
}

export type SocketState = 'new' | 'connecting' | 'connected'

/**
 * The result of `net.connect` inside a simulated process: `net.Socket` as clients use it, with
 * Node's order of events. It is no stream: `pipeline` and async iteration are missing (see
 * README.md).
 */
export class SimSocket extends EventEmitter {
  destroyed = false
  closed = false
  bytesRead = 0
  bytesWritten = 0
  encrypted: boolean
  readonly authorized = true
  readonly authorizationError = null
  readonly alpnProtocol = false
  readonly allowHalfOpen: boolean
  remoteAddress: string | undefined
  remotePort: number | undefined
  remoteFamily: string | undefined
  localAddress: string | undefined
  localPort: number | undefined
  errored: Error | null = null
  readonly #process: Proc
  readonly #resource: AsyncResource
  readonly #input: SocketInput
  readonly #output: SocketOutput
  readonly #onProcessEnd: () => void
  #state: SocketState = 'new'
  #connection: ClientConnection | null = null
  /** Callbacks of `end`. */
  readonly #onFinished: WriteCallback[] = []
  #target: ConnectTarget | null = null
  #ref = true
  #busy = false
  readonly #silence: SocketSilence

  constructor(process: Proc, { encrypted, allowHalfOpen }: SocketOptions) {
    super()
    this.#process = process
    this.#resource = new AsyncResource('OnceoverSocket', { requireManualDestroy: true })
    this.encrypted = encrypted
    this.allowHalfOpen = allowHalfOpen
    const tick = (action: () => void): void => this.#tick(action)
    this.#input = new SocketInput({
      tick,
      data: (chunk) => this.#emit('data', chunk),
      readable: () => this.#emitReadable(),
      end: () => this.#peerEnded(),
    })
    this.#output = new SocketOutput({
      tick,
      send: (bytes) => this.#connection?.clientWrite(bytes),
      finish: () => this.#finish(),
      drain: () => this.#emit('drain'),
    })
    this.#silence = new SocketSilence(
      process,
      (delayUs, action) => this.#later(delayUs, action, { timer: true }),
      () => this.#emit('timeout'),
    )
    this.#onProcessEnd = () => this.#connection?.clientClose()
  }

  // --- connecting

  connect(...args: unknown[]): this {
    const { target, listener } = targetOf(this.#process, args)
    if (listener !== undefined) this.once(this.encrypted ? 'secureConnect' : 'connect', listener)
    if (!this.#process.alive) return this
    this.#state = 'connecting'
    this.#target = target
    this.remotePort = target.port
    this.#process.onEnd.add(this.#onProcessEnd)
    this.#keepBusy()
    if (target.lookup === undefined) this.#connectTo(target.host)
    else target.lookup((error, address) => this.#lookedUp(error, address))
    return this
  }

  #lookedUp(error: Error | null, address: string): void {
    if (this.#state !== 'connecting' || this.destroyed) return
    if (error === null) this.#connectTo(address)
    else this.destroy(error)
  }

  #connectTo(address: string): void {
    const { host, port } = this.#target as ConnectTarget
    const found = findHost(this.#process, address, port)
    // The run ends before anything could come of it.
    if (found === null) return void leaveForHost(this.#process, host, port)
    const { network } = this.#process.host
    this.#connection = network.connect(this.#process, found.name, port, {
      resource: this.#resource,
      connected: () => this.#connected(found),
      failed: (code) => this.#failToConnect(connectError(code, found.address, port)),
      data: (bytes) => this.#data(bytes),
      ended: () => this.#input.pushEnd(),
      lost: (code) => this.destroy(systemError('read', code)),
    })
    this.localPort = this.#connection.clientPort
  }

  #connected({ address }: Host): void {
    if (this.destroyed) return
    this.#state = 'connected'
    this.remoteAddress = address
    this.remoteFamily = 'IPv4'
    this.localAddress = this.#process.host.network.host(this.#process.name)?.address
    this.#silence.moved()
    this.#emitLookup(null, address)
    this.#output.connected()
    this.#emit('connect')
    this.#emit('ready')
    if (this.encrypted) this.#emit('secureConnect')
  }

  #failToConnect(error: NodeJS.ErrnoException): void {
    if (this.destroyed) return
    if ('address' in error && typeof error.address === 'string') this.#emitLookup(null, error.address)
    this.destroy(error)
  }

  #emitLookup(error: Error | null, address?: string): void {
    const host = this.#target?.host ?? ''
    if (net.isIP(host) === 0)
      this.#emit('lookup', error, address, address === undefined ? undefined : 4, host)
  }

  /** TLS over a connection that exists already. */
  encrypt(listener?: () => void): this {
    this.encrypted = true
    if (listener !== undefined) this.once('secureConnect', listener)
    if (this.#state === 'connected') this.#later(0, () => this.#emit('secureConnect'))
    return this
  }

  // --- writing

  write(data: unknown, encoding?: unknown, callback?: unknown): boolean {
    const given = typeof encoding === 'function' ? encoding : callback
    const done = typeof given === 'function' ? (given as WriteCallback) : undefined
    const bytes = bytesOf(data, encoding)
    const problem = this.#problemOfWriting()
    if (problem !== null) {
      if (done !== undefined) this.#tick(() => done(problem))
      if (problem.code !== 'ERR_STREAM_DESTROYED') this.destroy(problem)
      return false
    }
    this.bytesWritten += bytes.length
    this.#silence.moved()
    return this.#output.write(bytes, done)
  }

  #problemOfWriting(): NodeJS.ErrnoException | null {
    const afterFin = this.#input.endTold && !this.allowHalfOpen
    if (this.#output.ended && afterFin) return endedByOtherParty()
    if (this.destroyed) return streamDestroyed('write')
    if (this.#output.ended) return writeAfterEnd()
    return this.#state === 'new' ? socketClosed() : null
  }

  end(data?: unknown, encoding?: unknown, callback?: unknown): this {
    const done = [data, encoding, callback].find((each) => typeof each === 'function') as
      | WriteCallback
      | undefined
    if (data !== undefined && data !== null && typeof data !== 'function') this.write(data, encoding)
    if (done !== undefined) this.#onceFinished(done)
    if (!this.#output.ended && !this.destroyed) this.#output.end()
    return this
  }

  #onceFinished(done: WriteCallback): void {
    if (this.#output.finished) this.#tick(() => done())
    else if (this.destroyed) this.#tick(() => done(streamDestroyed('end')))
    else this.#onFinished.push(done)
  }

  #finish(): void {
    this.#connection?.clientEnd()
    this.#tick(() => {
      if (this.destroyed) return
      this.#emit('prefinish')
      for (const done of this.#onFinished.splice(0)) done()
      this.#emit('finish')
      this.#destroyWhenDone()
    })
  }

  cork(): void {
    this.#output.corks += 1
  }

  uncork(): void {
    this.#output.uncork()
  }

  // --- reading

  #data(bytes: Buffer): void {
    if (this.destroyed) return
    this.bytesRead += bytes.length
    this.#silence.moved()
    this.#input.push(bytes)
  }

  #emitReadable(): void {
    if (this.listenerCount('readable') > 0) this.#tick(() => this.#emit('readable'))
  }

  #peerEnded(): void {
    if (this.destroyed) return
    this.#emit('end')
    if (!this.allowHalfOpen) this.#tick(() => void this.end())
    this.#destroyWhenDone()
  }

  #destroyWhenDone(): void {
    if (this.#input.endTold && this.#output.finished) this.destroy()
  }

  override on(name: string | symbol, listener: (...args: never[]) => void): this {
    super.on(name, listener as (...args: unknown[]) => void)
    if (name === 'data' && this.#input.flowing === null) this.resume()
    return this
  }

  override addListener(name: string | symbol, listener: (...args: never[]) => void): this {
    return this.on(name, listener)
  }

  override once(name: string | symbol, listener: (...args: never[]) => void): this {
    super.once(name, listener as (...args: unknown[]) => void)
    if (name === 'data' && this.#input.flowing === null) this.resume()
    return this
  }

  pause(): this {
    this.#input.pause()
    return this
  }

  resume(): this {
    this.#input.resume()
    return this
  }

  isPaused(): boolean {
    return this.#input.flowing === false
  }

  read(size?: number): Buffer | string | null {
    return this.#input.read(size)
  }

  setEncoding(encoding: BufferEncoding): this {
    this.#input.decodeAs(encoding)
    return this
  }

  pipe<Target extends NodeJS.WritableStream>(target: Target, { end = true }: { end?: boolean } = {}): Target {
    this.on('data', (chunk: Buffer) => {
      if (target.write(chunk) !== false) return
      this.pause()
      target.once('drain', () => this.resume())
    })
    if (end) this.once('end', () => target.end())
    target.emit('pipe', this as never)
    return target
  }

  // --- ending

  destroy(error?: Error | null): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.errored = error ?? null
    this.#silence.stop()
    this.#keepBusy()
    this.#process.onEnd.delete(this.#onProcessEnd)
    this.#connection?.clientClose()
    this.#input.close()
    this.#output.close(error ?? streamDestroyed('write'))
    const given = error ?? streamDestroyed('end')
    for (const done of this.#onFinished.splice(0)) this.#tick(() => done(given))
    this.#tick(() => {
      this.closed = true
      if (error !== undefined && error !== null) this.#emit('error', error)
      this.#emit('close', error !== undefined && error !== null)
    })
    return this
  }

  destroySoon(): this {
    if (!this.#output.ended) this.end()
    if (this.#output.finished) this.destroy()
    else this.once('finish', () => this.destroy())
    return this
  }

  resetAndDestroy(): this {
    this.#connection?.clientReset()
    return this.destroy()
  }

  // --- settings and questions

  setTimeout(timeoutMs: number, listener?: () => void): this {
    if (listener !== undefined) {
      if (timeoutMs > 0) this.once('timeout', listener)
      else this.off('timeout', listener)
    }
    this.#silence.set(timeoutMs)
    return this
  }

  get timeout(): number | undefined {
    return this.#silence.timeoutMs
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  ref(): this {
    this.#ref = true
    this.#keepBusy()
    return this
  }

  unref(): this {
    this.#ref = false
    this.#keepBusy()
    return this
  }

  address(): { address?: string; family?: string; port?: number } {
    if (this.localAddress === undefined || this.localPort === undefined) return {}
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }

  get connecting(): boolean {
    return this.#state === 'connecting' && !this.destroyed
  }

  get pending(): boolean {
    return this.#state !== 'connected'
  }

  get readyState(): 'opening' | 'open' | 'readOnly' | 'writeOnly' | 'closed' {
    if (this.connecting) return 'opening'
    if (this.readable) return this.writable ? 'open' : 'readOnly'
    return this.writable ? 'writeOnly' : 'closed'
  }

  get writable(): boolean {
    return !this.destroyed && !this.#output.ended
  }

  get readable(): boolean {
    return !this.destroyed && !this.#input.endTold
  }

  get writableEnded(): boolean {
    return this.#output.ended
  }

  get writableFinished(): boolean {
    return this.#output.finished
  }

  get writableLength(): number {
    return this.#output.length
  }

  get writableNeedDrain(): boolean {
    return this.#output.needsDrain && this.writable
  }

  get writableCorked(): number {
    return this.#output.corks
  }

  get bufferSize(): number {
    return this.#output.length
  }

  get readableEnded(): boolean {
    return this.#input.endTold
  }

  get readableFlowing(): boolean | null {
    return this.#input.flowing
  }

  get readableLength(): number {
    return this.#input.length
  }

  // --- inside

  /** Nothing is told to a process that has ended. */
  #emit(name: string, ...args: unknown[]): void {
    if (this.#process.alive) this.emit(name, ...args)
  }

  #tick(action: () => void): void {
    process.nextTick(() => {
      if (this.#process.alive) action()
    })
  }

  /** In the async context in which the socket was made, as Node has it. */
  #later(delayUs: number, action: () => void, how: { readonly timer?: true } = {}): QueuedEvent<Proc> {
    return this.#process.host.schedule(delayUs, this.#process, action, { resource: this.#resource, ...how })
  }

  #keepBusy(): void {
    const busy = this.#state !== 'new' && !this.destroyed && this.#ref
    if (busy === this.#busy) return
    this.#busy = busy
    if (busy) this.#process.keepBusy()
    else this.#process.letGo()
  }
}
