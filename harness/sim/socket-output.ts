import { invalidChunk } from './socket-errors.ts'

export type WriteCallback = (error?: Error | null) => void

interface WaitingBytes {
  readonly bytes: Buffer
  readonly done: WriteCallback | undefined
}

export interface OutputTarget {
  send(bytes: Buffer): void
  /** Ends the output. */
  finish(): void
  drain(): void
  /** Runs this in a tick of its own, unless the process ends before. */
  tick(action: () => void): void
}

/** As `net.Socket` has it. */
const HIGH_WATER_BYTES = 65_536

/**
 * Bytes written to a socket. The kernel of a connected socket takes all that it is given; until it
 * is connected, or while it is corked, writes wait.
 */
export class SocketOutput {
  ended = false
  finished = false
  needsDrain = false
  /** Bytes that wait. */
  length = 0
  corks = 0
  readonly #target: OutputTarget
  #connected = false
  #closed = false
  #waiting: WaitingBytes[] = []

  constructor(target: OutputTarget) {
    this.#target = target
  }

  write(bytes: Buffer, done: WriteCallback | undefined): boolean {
    if (this.#connected && this.corks === 0 && this.#waiting.length === 0) {
      this.#target.send(bytes)
      if (done !== undefined) this.#target.tick(() => done())
      return true
    }
    this.#waiting.push({ bytes, done })
    this.length += bytes.length
    if (this.length >= HIGH_WATER_BYTES) this.needsDrain = true
    return !this.needsDrain
  }

  connected(): void {
    this.#connected = true
    this.#flush()
  }

  uncork(): void {
    if (this.corks > 0) this.corks -= 1
    if (this.corks === 0) this.#flush()
  }

  end(): void {
    this.ended = true
    this.corks = 0
    if (this.#connected) this.#flush()
  }

  /** Stops sending; writes that wait fail with this error. */
  close(error: Error): void {
    this.#closed = true
    const waiting = this.#waiting.splice(0)
    this.length = 0
    for (const { done } of waiting) if (done !== undefined) this.#target.tick(() => done(error))
  }

  #flush(): void {
    if (!this.#connected || this.corks > 0 || this.#closed) return
    for (const { bytes, done } of this.#waiting.splice(0)) {
      this.#target.send(bytes)
      if (done !== undefined) this.#target.tick(() => done())
    }
    this.length = 0
    if (this.needsDrain && !this.ended) this.#target.tick(() => this.#drain())
    this.needsDrain = false
    if (this.ended && !this.finished) {
      this.finished = true
      this.#target.finish()
    }
  }

  #drain(): void {
    if (!this.#closed) this.#target.drain()
  }
}

/** @throws TypeError as Node does for anything that is no bytes */
export function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk
  if (typeof chunk === 'string')
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  if (ArrayBuffer.isView(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  throw invalidChunk(chunk)
}
