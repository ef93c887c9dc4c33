import net from 'node:net'
import { FrameSplitter } from '../../kafka/index.ts'
import type { Address } from './exchange.ts'

const FRAME_BYTES_MAX = 2 ** 31 - 1

/** The broker's side of a line: one request at a time, as a broker works on a connection. */
export class Upstream {
  readonly #socket: net.Socket
  readonly #splitter: FrameSplitter = new FrameSplitter(FRAME_BYTES_MAX)
  #waiting: ((frame: Buffer | null) => void) | null = null
  #closed = false

  /** @param onClose the broker has closed the connection, or could not be reached */
  constructor({ host, port }: Address, onClose: () => void) {
    this.#socket = net.connect({ host, port, noDelay: true })
    this.#socket.on('error', () => this.#socket.destroy())
    this.#socket.on('data', (bytes) => {
      for (const frame of this.#splitter.add(bytes) ?? []) this.#settle(Buffer.from(frame))
    })
    this.#socket.on('close', () => {
      this.#closed = true
      this.#settle(null)
      onClose()
    })
  }

  /**
   * Sends a frame with its size; resolves with the answer without it, or with null where none will
   * come.
   */
  ask(frame: Buffer): Promise<Buffer | null> {
    if (this.#closed) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#socket.write(frame)
    })
  }

  /** Sends a frame that has no answer. */
  tell(frame: Buffer): void {
    if (!this.#closed) this.#socket.write(frame)
  }

  /** After what was written. */
  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #settle(frame: Buffer | null): void {
    const waiting = this.#waiting
    this.#waiting = null
    waiting?.(frame)
  }
}
