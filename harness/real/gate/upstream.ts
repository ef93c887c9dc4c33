import net from 'node:net'
import { FrameClient, socketPipe } from '../../kafka/index.ts'
import type { Address } from './exchange.ts'

/**
 * The broker's side of a line: the client's own requests, one at a time, as a broker works on a
 * connection. It is opened for the first of them: a client whose link is cut does not learn that
 * the broker is down.
 */
export class Upstream {
  readonly #address: Address
  readonly #onClose: () => void
  #opened: { readonly socket: net.Socket; readonly client: FrameClient } | null = null

  /** @param onClose the broker has closed the connection, or could not be reached */
  constructor(address: Address, onClose: () => void) {
    this.#address = address
    this.#onClose = onClose
  }

  get #client(): FrameClient {
    this.#opened ??= this.#open()
    return this.#opened.client
  }

  #open(): { readonly socket: net.Socket; readonly client: FrameClient } {
    const { host, port } = this.#address
    const socket = net.connect({ host, port })
    const client = new FrameClient(socketPipe(socket), { clientId: 'gate', onEnd: this.#onClose })
    return { socket, client }
  }

  /**
   * Sends a request with its size; resolves with the answer without it, or with null where none
   * will come.
   */
  ask(request: Buffer): Promise<Buffer | null> {
    return new Promise((resolve) => {
      this.#client.expect(request, resolve)
      this.#client.send(request)
    })
  }

  /** Sends a request that has no answer. */
  tell(request: Buffer): void {
    this.#client.send(request)
  }

  /** After what was written. */
  end(): void {
    this.#opened?.socket.end()
  }

  destroy(): void {
    this.#opened?.client.close()
  }
}
