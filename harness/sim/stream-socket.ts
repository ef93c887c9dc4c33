import process from 'node:process'
import { Duplex } from 'node:stream'
import type { Proc } from './process.ts'
import type { ClientConnection } from './simulation.interface.ts'
import { destroyOnceWritten, SocketDial, type SocketOptions } from './socket-dial.ts'
import { endedByOtherParty, socketClosed } from './socket-errors.ts'
import type { WriteCallback } from './socket-output.ts'

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
  readonly #process: Proc
  readonly #dial: SocketDial

  constructor(process: Proc, { encrypted, allowHalfOpen }: SocketOptions) {
    super({ allowHalfOpen, emitClose: false })
    this.#process = process
    this.encrypted = encrypted
    this.#dial = new SocketDial(process, this, {
      data: (bytes) => this.#received(bytes),
      ended: () => this.#peerEnded(),
    })
  }

  /** Nothing is told to a process that has ended. */
  override emit(name: string | symbol, ...args: unknown[]): boolean {
    return this.#process.alive && super.emit(name as string, ...args)
  }

  // --- connecting

  connect(...args: unknown[]): this {
    this.#dial.connect(args)
    return this
  }

  /** TLS over a connection that exists already. */
  encrypt(listener?: () => void): this {
    this.encrypted = true
    this.#dial.encrypt(listener)
    return this
  }

  // --- the stream

  #received(bytes: Buffer): void {
    if (this.destroyed) return
    this.bytesRead += bytes.length
    this.#dial.silence.moved()
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
      this.#dial.silence.moved()
      connection.clientWrite(chunk)
    })
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: WriteCallback): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', done)
  }

  override _final(done: WriteCallback): void {
    if (this.#dial.isNew) return done()
    this.#onceConnected(done, (connection) => connection.clientEnd())
  }

  /** The kernel of a connected socket takes all that it is given. */
  #onceConnected(done: WriteCallback, act: (connection: ClientConnection) => void): void {
    const { connection, pending, isNew } = this.#dial
    if (!pending && connection !== null) {
      act(connection)
      done()
    } else if (!isNew) this.once('connect', () => this.#onceConnected(done, act))
    else done(socketClosed())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#dial.close()
    done(error)
    process.nextTick(() => this.emit('close', error !== null))
  }

  destroySoon(): void {
    destroyOnceWritten(this)
  }

  resetAndDestroy(): this {
    this.#dial.connection?.clientReset()
    return this.destroy()
  }

  // --- settings and questions

  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#dial.silence.set(timeoutMs, listener)
    return this
  }

  get timeout(): number | undefined {
    return this.#dial.silence.timeoutMs
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  ref(): this {
    this.#dial.refer(true)
    return this
  }

  unref(): this {
    this.#dial.refer(false)
    return this
  }

  address(): { address?: string; family?: string; port?: number } {
    return this.#dial.address()
  }

  get remoteAddress(): string | undefined {
    return this.#dial.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#dial.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.#dial.remoteFamily
  }

  get localAddress(): string | undefined {
    return this.#dial.localAddress
  }

  get localPort(): number | undefined {
    return this.#dial.localPort
  }

  get connecting(): boolean {
    return this.#dial.connecting
  }

  get pending(): boolean {
    return this.#dial.pending
  }

  get readyState(): ReturnType<SocketDial['readyState']> {
    return this.#dial.readyState(this.readable, this.writable)
  }

  get bufferSize(): number {
    return this.writableLength
  }
}
