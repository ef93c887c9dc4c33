import type net from 'node:net'
import { encodeRequest, FrameSplitter } from '../../kafka/index.ts'
import { openSocket } from './open-socket.ts'

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
  readonly #splitter: FrameSplitter = new FrameSplitter()

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
    return new RawBytes(await openSocket(address))
  }

  write(...parts: readonly Uint8Array[]): void {
    if (!this.ended) this.socket.write(Buffer.concat(parts))
  }

  #read(bytes: Buffer): void {
    this.answers += this.#splitter.add(bytes)?.length ?? 0
  }
}

export function sizePrefix(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size, 0)
  return bytes
}
