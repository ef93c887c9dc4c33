import net from 'node:net'
import {
  type AnswerBody,
  type ApiName,
  decodeResponse,
  encodeRequest,
  FrameSplitter,
  type RequestDraft,
} from '../../kafka/index.ts'
import { disconnected, timedOut } from '../errors.ts'

const FRAME_BYTES_MAX = 2 ** 31 - 1

export interface RequestToSend<Api extends ApiName> {
  readonly api: Api
  readonly version: number
  readonly body: RequestDraft<Api>
  readonly timeoutMs: number
  readonly unanswered?: boolean
}

interface PendingAnswer {
  /** @param frame null where the connection has ended */
  answer(frame: Buffer | null): void
}

/** One connection to a broker; answers come in the order of their requests. */
export class LoopConnection {
  readonly #name: string
  readonly #clientId: string
  readonly #socket: net.Socket
  readonly #frames = new FrameSplitter(FRAME_BYTES_MAX)
  readonly #pending: PendingAnswer[] = []
  #correlationId = 0
  #open: PromiseWithResolvers<void> | null = Promise.withResolvers<void>()
  ended = false

  constructor(host: string, port: number, clientId: string) {
    this.#name = `${host}:${port}`
    this.#clientId = clientId
    this.#open?.promise.catch(() => {})
    this.#socket = net.connect({ host, port })
    this.#socket.setNoDelay(true)
    this.#socket.on('connect', () => {
      this.#open?.resolve()
      this.#open = null
    })
    this.#socket.on('data', (bytes) => this.#receive(bytes))
    this.#socket.on('error', () => this.end())
    this.#socket.on('close', () => this.end())
  }

  /** Rejects where nobody answers. */
  opened(): Promise<void> {
    if (this.ended) return Promise.reject(disconnected(this.#name))
    return this.#open?.promise ?? Promise.resolve()
  }

  send<Api extends ApiName>(request: RequestToSend<Api>): Promise<AnswerBody<Api>> {
    const { api, version, body, timeoutMs, unanswered = false } = request
    if (this.ended) return Promise.reject(disconnected(this.#name))
    this.#correlationId += 1
    const correlationId = this.#correlationId
    this.#socket.write(encodeRequest({ api, version, correlationId, clientId: this.#clientId, body }))
    // A request without an answer has one that nobody reads.
    if (unanswered) return Promise.resolve({} as AnswerBody<Api>)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(timedOut(`${api} to ${this.#name}`, timeoutMs))
        this.end()
      }, timeoutMs)
      this.#pending.push({
        answer: (frame) => {
          clearTimeout(timer)
          if (frame === null) return reject(disconnected(this.#name))
          try {
            resolve(decodeResponse(api, version, frame).body)
          } catch (error) {
            reject(error)
          }
        },
      })
    })
  }

  end(): void {
    if (this.ended) return
    this.ended = true
    this.#socket.destroy()
    this.#open?.reject(disconnected(this.#name))
    this.#open = null
    for (const each of this.#pending.splice(0)) each.answer(null)
  }

  #receive(bytes: Buffer): void {
    const frames = this.#frames.add(bytes)
    if (frames === null) return this.end()
    for (const frame of frames) this.#pending.shift()?.answer(frame)
  }
}
