import net from 'node:net'
import { type ApiName, encodeRequest, FrameSplitter, type RequestDraft } from '../../kafka/index.ts'

/** A socket that sends what it is told, reads when it is told, and counts answers. */
export class RawClient {
  readonly socket: net.Socket
  readonly #splitter = new FrameSplitter(100_000_000)
  #nextCorrelationId = 1
  answers = 0
  ended = false

  private constructor(socket: net.Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      this.answers += this.#splitter.add(bytes)?.length ?? 0
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      this.ended = true
    })
  }

  static async connect(address: string): Promise<RawClient> {
    const { hostname, port } = new URL(`kafka://${address}`)
    const socket = net.connect(Number(port), hostname)
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawClient(socket)
  }

  send<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): void {
    const correlationId = this.#nextCorrelationId++
    this.socket.write(encodeRequest({ api, version, correlationId, clientId: 'raw', body }))
  }
}
