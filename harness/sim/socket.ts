import { EventEmitter } from 'node:events'
import process from 'node:process'
import type { Proc } from './process.ts'
import { destroyOnceWritten, SocketDial, type SocketOptions } from './socket-dial.ts'
import { endedByOtherParty, socketClosed, streamDestroyed, writeAfterEnd } from './socket-errors.ts'
import { SocketInput } from './socket-input.ts'
import { bytesOf, SocketOutput, type WriteCallback } from './socket-output.ts'

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
  errored: Error | null = null
  readonly #process: Proc
  readonly #dial: SocketDial
  readonly #input: SocketInput
  readonly #output: SocketOutput
  /** Callbacks of `end`. */
  readonly #onFinished: WriteCallback[] = []

  constructor(process: Proc, { encrypted, allowHalfOpen }: SocketOptions) {
    super()
    this.#process = process
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
      send: (bytes) => this.#dial.connection?.clientWrite(bytes),
      finish: () => this.#finish(),
      drain: () => this.#emit('drain'),
    })
    this.#dial = new SocketDial(process, this, {
      connected: () => this.#output.connected(),
      data: (bytes) => this.#data(bytes),
      ended: () => this.#input.pushEnd(),
    })
  }

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
    this.#dial.silence.moved()
    return this.#output.write(bytes, done)
  }

  #problemOfWriting(): NodeJS.ErrnoException | null {
    const afterFin = this.#input.endTold && !this.allowHalfOpen
    if (this.#output.ended && afterFin) return endedByOtherParty()
    if (this.destroyed) return streamDestroyed('write')
    if (this.#output.ended) return writeAfterEnd()
    return this.#dial.isNew ? socketClosed() : null
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
    this.#dial.connection?.clientEnd()
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
    this.#dial.silence.moved()
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
    this.#dial.close()
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
    destroyOnceWritten(this)
    return this
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
}
