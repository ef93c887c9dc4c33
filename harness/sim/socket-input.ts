import { StringDecoder } from 'node:string_decoder'

export interface InputListener {
  data(chunk: Buffer | string): void
  /** There is something to read, for code that calls `read`. */
  readable(): void
  end(): void
  /** Runs this in a tick of its own, unless the process ends before. */
  tick(action: () => void): void
}

/**
 * Bytes that arrived at a socket and are on their way to its listeners. As in a stream, `flowing`
 * is null until there is a listener for data; then chunks are emitted at once, and those without a
 * listener are lost.
 */
export class SocketInput {
  flowing: boolean | null = null
  length = 0
  ended = false
  endTold = false
  readonly #listener: InputListener
  #chunks: Buffer[] = []
  #decoder: StringDecoder | null = null
  #closed = false

  constructor(listener: InputListener) {
    this.#listener = listener
  }

  push(bytes: Buffer): void {
    if (this.flowing === true && this.#chunks.length === 0) {
      this.#tell(bytes)
      return
    }
    this.#chunks.push(bytes)
    this.length += bytes.length
    this.#listener.readable()
  }

  /** The far end has sent its last byte. */
  pushEnd(): void {
    this.ended = true
    this.#listener.readable()
    this.#tellEnd()
  }

  pause(): void {
    this.flowing = false
  }

  resume(): void {
    if (this.flowing === true) return
    this.flowing = true
    this.#listener.tick(() => this.#flow())
  }

  /** Everything that is there, or that many bytes; null where there is not so much. */
  read(size = this.length): Buffer | string | null {
    if (size === 0 || size > this.length) {
      this.#tellEnd()
      return null
    }
    const all = Buffer.concat(this.#chunks)
    this.#chunks = size === all.length ? [] : [all.subarray(size)]
    this.length = all.length - size
    const bytes = all.subarray(0, size)
    if (this.length === 0) this.#tellEnd()
    return this.#decoder === null ? bytes : this.#decoder.write(bytes)
  }

  decodeAs(encoding: BufferEncoding): void {
    this.#decoder = new StringDecoder(encoding)
  }

  close(): void {
    this.#closed = true
    this.#chunks = []
    this.length = 0
  }

  #flow(): void {
    while (this.flowing === true && this.#chunks.length > 0) {
      const bytes = this.#chunks.shift() as Buffer
      this.length -= bytes.length
      this.#tell(bytes)
    }
    this.#tellEnd()
  }

  #tell(bytes: Buffer): void {
    if (this.#closed) return
    if (this.#decoder === null) return this.#listener.data(bytes)
    const text = this.#decoder.write(bytes)
    if (text !== '') this.#listener.data(text)
  }

  #tellEnd(): void {
    const waits = this.#chunks.length > 0 || this.flowing === false
    if (!this.ended || this.endTold || this.#closed || waits) return
    this.endTold = true
    this.#listener.tick(() => {
      if (this.#closed) return
      const rest = this.#decoder?.end() ?? ''
      if (rest !== '') this.#listener.data(rest)
      this.#listener.end()
    })
  }
}
