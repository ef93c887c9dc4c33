import net from 'node:net'
import { encodeRequest } from '../../kafka/index.ts'

/** The plainest request: every broker answers it, whoever asks. */
export const API_VERSIONS: Buffer = encodeRequest({
  api: 'ApiVersions',
  version: 0,
  correlationId: 7,
  clientId: null,
  body: {},
})

/** A connection of bytes, which may be no frames at all. */
export class RawBytes {
  readonly socket: net.Socket
  /** Frames that came back, as far as they are whole. */
  answers = 0
  ended = false
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('data', (bytes) => this.#read(bytes))
    // It is reset where the broker closes while more arrives.
    socket.on('error', () => {})
    for (const end of ['end', 'close'] as const)
      socket.on(end, () => {
        this.ended = true
      })
  }

  static async connect(address: string): Promise<RawBytes> {
    const { hostname, port } = new URL(`kafka://${address}`)
    const socket = net.connect(Number(port), hostname)
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawBytes(socket)
  }

  write(...parts: readonly Uint8Array[]): void {
    if (!this.ended) this.socket.write(Buffer.concat(parts))
  }

  #read(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readInt32BE(0)) {
      this.#rest = this.#rest.subarray(4 + this.#rest.readInt32BE(0))
      this.answers += 1
    }
  }
}

export function sizePrefix(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size, 0)
  return bytes
}
