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

/** A cluster that takes longer for an answer is too slow. */
export const ANSWER_MS = 60_000

/** A broker closed the connection, or did not answer. */
export class BrokerGone extends Error {
  /** The broker took the question, or the connection, and did not answer. */
  readonly silent: boolean

  constructor(message: string, { silent }: { readonly silent: boolean }) {
    super(message)
    this.silent = silent
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
          { silent: false },
        ),
      timedOut: (api, timeoutMs) =>
        new BrokerGone(`${name} did not answer ${api} within ${timeoutMs / 1000} s`, { silent: true }),
    }
  }

  /** @throws BrokerGone */
  call<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
    timeoutMs = ANSWER_MS,
  ): Promise<AnswerBody<Api>> {
    return this.#connected().ask({ api, version, body, timeoutMs }, this.#errors)
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
