import { EventEmitter } from 'node:events'
import type { Proc } from './process.ts'
import type { ClientConnection, ClientNetwork } from './simulation.interface.ts'

const ADDRESS = '10.0.0.1'
const ERRNO = { ECONNREFUSED: -111, ECONNRESET: -104, ENOTFOUND: -3008, EPIPE: -32 } as const

export interface ConnectTarget {
  readonly host?: string | undefined
  readonly port?: number | string | undefined
}

/**
 * What `net.connect` gives inside a simulated process: the part of `net.Socket` that clients use, with Node's order of
 * events. It is no stream: `pipe` into it and async iteration are missing (see README.md).
 */
export class SimSocket extends EventEmitter {
  connecting = false
  destroyed = false
  bytesRead = 0
  bytesWritten = 0
  readonly encrypted: boolean
  readonly authorized = true
  readonly alpnProtocol = false
  remoteAddress: string | undefined
  remotePort: number | undefined
  remoteFamily: string | undefined
  readonly localAddress = '10.0.0.2'
  localPort: number | undefined
  readonly #process: Proc
  readonly #network: ClientNetwork
  #connection: ClientConnection | null = null
  #ended = false
  #paused = false
  #encoding: BufferEncoding | null = null
  readonly #early: Buffer[] = []
  readonly #buffered: Buffer[] = []
  #timeoutMs = 0
  #timer: { action: (() => void) | null } | null = null
  readonly #onProcessEnd: () => void

  constructor(process: Proc, network: ClientNetwork, encrypted = false) {
    super()
    this.#process = process
    this.#network = network
    this.encrypted = encrypted
    this.#onProcessEnd = () => this.#connection?.clientClose()
    process.onEnd.add(this.#onProcessEnd)
  }

  connect(target: ConnectTarget | number, ...rest: unknown[]): this {
    const options =
      typeof target === 'object'
        ? target
        : { port: target, host: rest.find((each) => typeof each === 'string') as string }
    const host = options.host ?? 'localhost'
    const port = Number(options.port)
    const listener = rest.find((each) => typeof each === 'function') as (() => void) | undefined
    if (listener !== undefined) this.once(this.encrypted ? 'secureConnect' : 'connect', listener)
    this.connecting = true
    this.remotePort = port
    if (!this.#network.knows(host)) {
      const code = host === 'localhost' || /^[\d.:]+$/.test(host) ? 'ECONNREFUSED' : 'ENOTFOUND'
      this.#process.host.schedule(1_000, this.#process, () => this.#failToConnect(code, host, port))
      return this
    }
    this.#connection = this.#network.connect(this.#process, host, port, {
      connected: () => this.#connected(),
      refused: () => this.#failToConnect('ECONNREFUSED', host, port),
      data: (bytes) => this.#data(bytes),
      ended: () => this.#peerEnded(),
      reset: () => this.destroy(this.#error('ECONNRESET', 'read')),
    })
    this.localPort = this.#connection.clientPort
    return this
  }

  write(data: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean {
    const done = (typeof encoding === 'function' ? encoding : callback) as
      | ((error?: Error | null) => void)
      | undefined
    if (this.destroyed || this.#ended) {
      const error = Object.assign(new Error('This socket has been ended by the other party'), {
        code: 'EPIPE',
      })
      process.nextTick(() => {
        done?.(error)
        if (!this.destroyed) this.destroy(error)
      })
      return false
    }
    const text = typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'
    const bytes =
      typeof data === 'string' ? Buffer.from(data, text) : Buffer.isBuffer(data) ? data : Buffer.from(data)
    this.bytesWritten += bytes.length
    this.#touch()
    if (this.connecting) this.#early.push(bytes)
    else this.#connection?.clientWrite(bytes)
    if (done !== undefined) process.nextTick(done)
    return true
  }

  end(data?: unknown, encoding?: unknown, callback?: unknown): this {
    const done = [data, encoding, callback].find((each) => typeof each === 'function') as
      | (() => void)
      | undefined
    if (typeof data === 'string' || data instanceof Uint8Array) this.write(data, encoding)
    if (done !== undefined) this.once('finish', done)
    if (this.#ended) return this
    this.#ended = true
    if (this.connecting) return this
    this.#connection?.clientEnd()
    process.nextTick(() => this.emit('finish'))
    return this
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.connecting = false
    this.#stopTimer()
    this.#process.onEnd.delete(this.#onProcessEnd)
    this.#connection?.clientClose()
    process.nextTick(() => {
      if (!this.#process.alive) return
      if (error !== undefined) this.emit('error', error)
      this.emit('close', error !== undefined)
    })
    return this
  }

  destroySoon(): void {
    this.end()
    this.destroy()
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#timeoutMs = timeoutMs
    if (listener !== undefined && timeoutMs > 0) this.once('timeout', listener)
    this.#touch()
    return this
  }

  get timeout(): number {
    return this.#timeoutMs
  }

  setKeepAlive(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setEncoding(encoding: BufferEncoding): this {
    this.#encoding = encoding
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  cork(): void {}

  uncork(): void {}

  pause(): this {
    this.#paused = true
    return this
  }

  resume(): this {
    this.#paused = false
    if (this.#buffered.length > 0) {
      process.nextTick(() => {
        while (!this.#paused && this.#buffered.length > 0) this.#data(this.#buffered.shift() as Buffer)
      })
    }
    return this
  }

  isPaused(): boolean {
    return this.#paused
  }

  address(): { address: string; family: string; port: number | undefined } {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }

  get readyState(): 'opening' | 'open' | 'closed' {
    if (this.connecting) return 'opening'
    return this.destroyed || this.#ended ? 'closed' : 'open'
  }

  get pending(): boolean {
    return this.connecting
  }

  get closed(): boolean {
    return this.destroyed
  }

  get writable(): boolean {
    return !this.destroyed && !this.#ended
  }

  get readable(): boolean {
    return !this.destroyed
  }

  get writableEnded(): boolean {
    return this.#ended
  }

  get writableLength(): number {
    return 0
  }

  get writableNeedDrain(): boolean {
    return false
  }

  get readableFlowing(): boolean {
    return !this.#paused
  }

  #connected(): void {
    if (this.destroyed) return
    this.connecting = false
    this.remoteAddress = ADDRESS
    this.remoteFamily = 'IPv4'
    for (const bytes of this.#early.splice(0)) this.#connection?.clientWrite(bytes)
    if (this.#ended) this.#connection?.clientEnd()
    this.#touch()
    this.emit('connect')
    this.emit('ready')
    if (this.encrypted) this.emit('secureConnect')
  }

  #failToConnect(code: 'ECONNREFUSED' | 'ENOTFOUND', host: string, port: number): void {
    if (this.destroyed) return
    const syscall = code === 'ENOTFOUND' ? 'getaddrinfo' : 'connect'
    const where = code === 'ENOTFOUND' ? host : `${host}:${port}`
    const error = Object.assign(this.#error(code, syscall, where), { address: host, port, hostname: host })
    this.destroy(error)
  }

  #data(bytes: Buffer): void {
    if (this.destroyed) return
    if (this.#paused) {
      this.#buffered.push(bytes)
      return
    }
    this.bytesRead += bytes.length
    this.#touch()
    this.emit('data', this.#encoding === null ? bytes : bytes.toString(this.#encoding))
  }

  #peerEnded(): void {
    if (this.destroyed) return
    this.emit('end')
    if (!this.#ended) this.end()
    this.destroy()
  }

  #error(code: keyof typeof ERRNO, syscall: string, where?: string): NodeJS.ErrnoException {
    const message = where === undefined ? `${syscall} ${code}` : `${syscall} ${code} ${where}`
    return Object.assign(new Error(message), { code, errno: ERRNO[code], syscall })
  }

  #touch(): void {
    if (this.#timeoutMs <= 0) return
    this.#stopTimer()
    this.#timer = this.#process.host.schedule(this.#timeoutMs * 1000, this.#process, () =>
      this.emit('timeout'),
    )
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#timer.action = null
    this.#timer = null
  }
}
