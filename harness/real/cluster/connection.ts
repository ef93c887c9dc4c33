import net from 'node:net'
import {
  type AnswerBody,
  type ApiName,
  type ClientErrors,
  FrameClient,
  type RequestDraft,
  socketPipe,
} from '../../kafka/index.ts'
import type { Address } from '../gate/exchange.ts'

const ANSWER_MS = 60_000

/** A broker closed the connection, or did not answer. */
export class BrokerGone extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BrokerGone'
  }
}

/**
 * A connection of the harness's own, which no fault touches. It is made again when it is needed
 * again.
 */
export class BrokerConnection {
  readonly #address: Address
  readonly #errors: ClientErrors
  #client: FrameClient | null = null

  constructor(address: Address) {
    this.#address = address
    const name = `${address.host}:${address.port}`
    this.#errors = {
      ended: (_how, cause) =>
        new BrokerGone(
          cause === null ? `${name} closed the connection` : `${name} could not be reached: ${cause.message}`,
        ),
      timedOut: (api, timeoutMs) =>
        new BrokerGone(`${name} did not answer ${api} within ${timeoutMs / 1000} s`),
    }
  }

  /** @throws BrokerGone */
  call<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Promise<AnswerBody<Api>> {
    return this.#connected().ask({ api, version, body, timeoutMs: ANSWER_MS }, this.#errors)
  }

  close(): void {
    this.#client?.close()
    this.#client = null
  }

  #connected(): FrameClient {
    if (this.#client?.ended !== null) {
      const socket = net.connect({ ...this.#address })
      this.#client = new FrameClient(socketPipe(socket), { clientId: 'onceover' })
    }
    return this.#client
  }
}
