import { AsyncResource } from 'node:async_hooks'
import net from 'node:net'
import { Duplex } from 'node:stream'
import { leaveForHost } from './outside.ts'
import type { Proc } from './process.ts'
import type { ClientConnection, Host } from './simulation.interface.ts'
import type { SocketOptions, SocketState } from './socket.ts'
import { connectError, endedByOtherParty, socketClosed, systemError } from './socket-errors.ts'
import type { WriteCallback } from './socket-output.ts'
import { SocketSilence } from './socket-silence.ts'
import { type ConnectTarget, findHost, targetOf } from './socket-target.ts'

/**
 * The result of `net.connect` inside a simulated process, as a stream: back pressure, half-close,
 * `pipe`, `pipeline` and async iteration are Node's own. `SimSocket` is its twin without a stream,
 * for addresses at which most of a run's bytes travel.
 */
export class StreamSocket extends Duplex {
  static {
    Object.defineProperty(StreamSocket, 'name', { value: 'Socket' })
  }

  bytesRead = 0
  bytesWritten = 0
  encrypted: boolean
  readonly authorized = true
  readonly authorizationError = null
  readonly alpnProtocol = false
  remoteAddress: string | undefined
  remotePort: number | undefined
  remoteFamily: string | undefined
  localAddress: string | undefined
  localPort: number | undefined
  readonly #process: Proc
  readonly #resource: AsyncResource
  readonly #silence: SocketSilence
  readonly #onProcessEnd: () => void
  #state: SocketState = 'new'
  #connection: ClientConnection | null = null
  #target: ConnectTarget | null = null
  #ref = true
  #busy = false

  constructor(process: Proc, { encrypted, allowHalfOpen }: SocketOptions) {
    super({ allowHalfOpen, emitClose: false })
    this.#process = process
    this.#resource = new AsyncResource('OnceoverSocket', { requireManualDestroy: true })
    this.encrypted = encrypted
    this.#silence = new SocketSilence(
      process,
      (delayUs, action) =>
        process.host.schedule(delayUs, process, action, { resource: this.#resource, timer: true }),
      () => this.emit('timeout'),
    )
    this.#onProcessEnd = () => this.#connection?.clientClose()
  }

  /** Nothing is told to a process that has ended. */
  override emit(name: string | symbol, ...args: unknown[]): boolean {
    return this.#process.alive && super.emit(name as string, ...args)
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
    if (target.lookup === undefined) this.#connectTo(target.host, target)
    else target.lookup((error, address) => this.#lookedUp(error, address, target))
    return this
  }

  #lookedUp(error: Error | null, address: string, target: ConnectTarget): void {
    if (this.#state !== 'connecting' || this.destroyed) return
    if (error === null) this.#connectTo(address, target)
    else this.destroy(error)
  }

  #connectTo(address: string, { host, port }: ConnectTarget): void {
    const found = findHost(this.#process, address, port)
    // The run ends before anything could come of it.
    if (found === null) return void leaveForHost(this.#process, host, port)
    this.#connection = this.#process.host.network.connect(this.#process, found.name, port, {
      resource: this.#resource,
      connected: () => this.#connected(found),
      failed: (code) => this.#failToConnect(connectError(code, found.address, port), found.address),
      data: (bytes) => this.#received(bytes),
      ended: () => this.#peerEnded(),
      lost: (code) => void this.destroy(systemError('read', code)),
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
    this.#emitLookup(address)
    this.emit('connect')
    this.emit('ready')
    if (this.encrypted) this.emit('secureConnect')
  }

  #failToConnect(error: NodeJS.ErrnoException, address: string): void {
    if (this.destroyed) return
    this.#emitLookup(address)
    this.destroy(error)
  }

  #emitLookup(address: string): void {
    const host = this.#target?.host ?? ''
    if (net.isIP(host) === 0) this.emit('lookup', null, address, 4, host)
  }

  /** TLS over a connection that exists already. */
  encrypt(listener?: () => void): this {
    this.encrypted = true
    if (listener !== undefined) this.once('secureConnect', listener)
    if (this.#state === 'connected')
      this.#process.host.schedule(0, this.#process, () => void this.emit('secureConnect'), {
        resource: this.#resource,
      })
    return this
  }

  // --- the stream

  #received(bytes: Buffer): void {
    if (this.destroyed) return
    this.bytesRead += bytes.length
    this.#silence.moved()
    this.push(bytes)
  }

  /** Without data before it the end needs no listener. */
  #peerEnded(): void {
    this.push(null)
    this.read(0)
  }

  override _read(): void {}

  override write(chunk: unknown, ...more: unknown[]): boolean {
    if (this.writableEnded && this.readableEnded && !this.allowHalfOpen) {
      const error = endedByOtherParty()
      const told = more.find((each) => typeof each === 'function')
      if (told !== undefined) process.nextTick(this.#whileAlive(told) as WriteCallback, error)
      this.destroy(error)
      return false
    }
    return super.write(chunk, ...(more.map((each) => this.#whileAlive(each)) as [BufferEncoding]))
  }

  override end(...args: unknown[]): this {
    return super.end(...(args.map((each) => this.#whileAlive(each)) as [unknown]))
  }

  /** A callback that is told nothing once its process has ended. */
  #whileAlive(given: unknown): unknown {
    if (typeof given !== 'function') return given
    return (...args: unknown[]) => {
      if (this.#process.alive) (given as WriteCallback)(...(args as [Error]))
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: WriteCallback): void {
    this.#onceConnected(done, (connection) => {
      this.bytesWritten += chunk.length
      this.#silence.moved()
      connection.clientWrite(chunk)
    })
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: WriteCallback): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done)
  }

  override _final(done: WriteCallback): void {
    if (this.#state === 'new') return done()
    this.#onceConnected(done, (connection) => connection.clientEnd())
  }

  /** The kernel of a connected socket takes all that it is given. */
  #onceConnected(done: WriteCallback, act: (connection: ClientConnection) => void): void {
    const connection = this.#connection
    if (this.#state === 'connected' && connection !== null) {
      act(connection)
      done()
    } else if (this.#state === 'connecting') this.once('connect', () => this.#onceConnected(done, act))
    else done(socketClosed())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#silence.stop()
    this.#process.onEnd.delete(this.#onProcessEnd)
    this.#connection?.clientClose()
    this.#keepBusy(true)
    done(error)
    process.nextTick(() => this.emit('close', error !== null))
  }

  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
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

  get bufferSize(): number {
    return this.writableLength
  }

  #keepBusy(ended = false): void {
    const busy = this.#state !== 'new' && !ended && !this.destroyed && this.#ref
    if (busy === this.#busy) return
    this.#busy = busy
    if (busy) this.#process.keepBusy()
    else this.#process.letGo()
  }
}
