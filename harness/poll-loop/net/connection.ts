import net from 'node:net'
import {
  type AnswerBody,
  type ApiName,
  type ClientErrors,
  FrameClient,
  type RequestDraft,
  socketPipe,
} from '../../kafka/index.ts'
import { disconnected, timedOut } from '../errors.ts'

export interface RequestToSend<Api extends ApiName> {
  readonly api: Api
  readonly version: number
  readonly body: RequestDraft<Api>
  readonly timeoutMs: number
  readonly unanswered?: boolean
}

/** One connection to a broker, with errors as Java names them. */
export class LoopConnection {
  readonly #name: string
  readonly #client: FrameClient
  readonly #errors: ClientErrors
  #open: PromiseWithResolvers<void> | null = Promise.withResolvers<void>()

  constructor(host: string, port: number, clientId: string) {
    this.#name = `${host}:${port}`
    this.#open?.promise.catch(() => {})
    this.#errors = {
      ended: () => disconnected(this.#name),
      timedOut: (api, timeoutMs) => timedOut(`${api} to ${this.#name}`, timeoutMs),
    }
    const socket = net.connect({ host, port })
    socket.on('connect', () => {
      this.#open?.resolve()
      this.#open = null
    })
    this.#client = new FrameClient(socketPipe(socket), {
      clientId,
      onEnd: () => {
        this.#open?.reject(disconnected(this.#name))
        this.#open = null
      },
    })
  }

  get ended(): boolean {
    return this.#client.ended !== null
  }

  /** Rejects where nobody answers. */
  opened(): Promise<void> {
    if (this.ended) return Promise.reject(disconnected(this.#name))
    return this.#open?.promise ?? Promise.resolve()
  }

  send<Api extends ApiName>(request: RequestToSend<Api>): Promise<AnswerBody<Api>> {
    const { api, version, body, unanswered = false } = request
    if (!unanswered) return this.#client.ask(request, this.#errors)
    if (this.ended) return Promise.reject(disconnected(this.#name))
    this.#client.send(this.#client.numbered(api, version, body))
    // A request without an answer has one that nobody reads.
    return Promise.resolve({} as AnswerBody<Api>)
  }

  end(): void {
    this.#client.close()
  }
}
