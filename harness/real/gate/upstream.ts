import net from 'node:net'
import { FrameClient, socketPipe } from '../../kafka/index.ts'
import type { Address } from './exchange.ts'

/**
 * The broker's side of a line: the client's own requests, one at a time, as a broker works on a
 * connection.
 */
export class Upstream {
  readonly #socket: net.Socket
  readonly #client: FrameClient

  /** @param onClose the broker has closed the connection, or could not be reached */
  constructor({ host, port }: Address, onClose: () => void) {
    this.#socket = net.connect({ host, port })
    this.#client = new FrameClient(socketPipe(this.#socket), { clientId: 'gate', onEnd: onClose })
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
    this.#socket.end()
  }

  destroy(): void {
    this.#client.close()
  }
}
