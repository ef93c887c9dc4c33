import { AsyncResource } from 'node:async_hooks'
import { Duplex } from 'node:stream'
import type { Proc } from './process.ts'
import type { Connection } from './simulation.interface.ts'
import { destroyOnceWritten, type SocketOptions } from './socket-dial.ts'
import { systemError } from './socket-errors.ts'
import { SocketSilence } from './socket-silence.ts'

/**
 * The server's end of a connection inside a simulated process: a stream with the extra members of
 * `net.Socket`.
 */
export class AcceptedSocket extends Duplex {
  static {
    Object.defineProperty(AcceptedSocket, 'name', { value: 'Socket' })
  }

  readonly encrypted: boolean
  readonly remoteAddress: string | undefined
  readonly remoteFamily = 'IPv4'
  readonly remotePort: number
  readonly localAddress: string | undefined
  readonly localFamily = 'IPv4'
  readonly localPort: number
  readonly connecting = false
  readonly pending = false
  bytesRead = 0
  bytesWritten = 0
  readonly #process: Proc
  readonly #connection: Connection
  readonly #silence: SocketSilence
  readonly #resource: AsyncResource
  readonly #onProcessEnd = (): void => this.#connection.end()
  #open = true

  constructor(process: Proc, connection: Connection, options: SocketOptions) {
    super({ allowHalfOpen: options.allowHalfOpen })
    const { network } = process.host
    this.#process = process
    this.#connection = connection
    this.#resource = new AsyncResource('OnceoverSocket', { requireManualDestroy: true })
    this.encrypted = options.encrypted
    this.remoteAddress = network.host(connection.client)?.address
    this.remotePort = connection.clientPort
    this.localAddress = network.host(connection.server)?.address
    this.localPort = connection.port
    this.#silence = new SocketSilence(process, this, (delayUs, action) =>
      process.host.schedule(delayUs, process, action, { resource: this.#resource }),
    )
    process.onEnd.add(this.#onProcessEnd)
    process.keepBusy()
    Object.assign(connection, {
      onData: (bytes: Buffer) => this.#happens(() => this.#received(bytes)),
      onEnd: () => this.#happens(() => void this.push(null)),
      onClose: () => this.#happens(() => this.#gone()),
    } satisfies Partial<Connection>)
  }

  /** Makes an action of the network an event of the process. */
  #happens(action: () => void): void {
    if (this.#process.alive)
      this.#process.host.schedule(0, this.#process, action, { resource: this.#resource })
  }

  #received(bytes: Buffer): void {
    if (this.destroyed) return
    this.bytesRead += bytes.length
    this.#silence.moved()
    this.push(bytes)
  }

  /** Both ends have ended, or the far one has reset it. */
  #gone(): void {
    const reset = !this.destroyed && !(this.readableEnded && this.writableFinished)
    this.#open = false
    this.destroy(reset ? systemError('read', 'ECONNRESET') : undefined)
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.bytesWritten += chunk.length
    this.#silence.moved()
    this.#connection.write(chunk)
    done()
  }

  override _final(done: () => void): void {
    this.#connection.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#silence.stop()
    this.#process.onEnd.delete(this.#onProcessEnd)
    this.#process.letGo()
    if (this.#open) this.#close(error)
    done(error)
  }

  #close(error: Error | null): void {
    this.#open = false
    if (error !== null) this.#connection.reset()
    else this.#connection.end()
  }

  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#silence.set(timeoutMs, listener)
    return this
  }

  get timeout(): number | undefined {
    return this.#silence.timeoutMs
  }

  destroySoon(): void {
    destroyOnceWritten(this)
  }

  resetAndDestroy(): this {
    if (this.#open) this.#connection.reset()
    this.#open = false
    return this.destroy()
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  address(): { address: string | undefined; family: string; port: number } {
    return { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }
}
