import type net from 'node:net'
import { type ApiName, type RequestDraft, socketPipe } from '../../kafka/index.ts'
import { Line } from '../../kafka/probe/index.ts'
import { openSocket } from './open-socket.ts'

/** A client of frames whose socket is open to tests: its buffer, and whether it reads. */
export class RawClient {
  readonly socket: net.Socket
  readonly #line: Line

  private constructor(socket: net.Socket) {
    this.socket = socket
    this.#line = new Line(socketPipe(socket), 'raw')
  }

  static async connect(address: string): Promise<RawClient> {
    return new RawClient(await openSocket(address))
  }

  /** How many requests have been answered. */
  get answers(): number {
    return this.#line.answered.length
  }

  get ended(): boolean {
    return this.#line.closed
  }

  send<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): void {
    this.#line.call(api, version, body)
  }
}
