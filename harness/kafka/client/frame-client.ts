import { FrameSplitter } from '../wire/frame-splitter.ts'
import {
  type AnswerBody,
  type ApiName,
  decodeResponse,
  encodeRequest,
  type RequestDraft,
} from '../wire/index.ts'
import type { OpenPipe, Pipe, PipeEnd } from './pipe.ts'

/** Size, key and version stand before the correlation id of a request. */
const CORRELATION_ID_AT = 8
const CORRELATION_ID_BYTES = 4
const NOT_A_FRAME = Buffer.alloc(0)

/** How a client's connection ended; `garbled`: no frame came, or an answer to no request. */
export type FrameClientEnd = PipeEnd | 'garbled'

/** Takes an answer without its size, or null where the connection ended before it came. */
export type AnswerTaker = (frame: Buffer | null) => void

/** The errors in a client's own terms. */
export interface ClientErrors {
  /** The connection ended before the answer was there. @param cause why, where that is known */
  ended(how: FrameClientEnd, cause: Error | null): Error
  /** No answer came in time; the connection ends with it. */
  timedOut(api: ApiName, timeoutMs: number): Error
}

export interface FrameClientOptions {
  readonly clientId: string
  /** The connection has ended, whichever side has done it; called once. */
  onEnd?(how: FrameClientEnd, cause: Error | null): void
}

export interface RequestToAsk<Api extends ApiName> {
  readonly api: Api
  readonly version: number
  readonly body: RequestDraft<Api>
  readonly timeoutMs: number
}

/**
 * One connection of a client that speaks frames: requests out, and answers matched with them by
 * correlation id.
 */
export class FrameClient {
  readonly #pipe: Pipe
  readonly #options: FrameClientOptions
  readonly #splitter = new FrameSplitter()
  /** By correlation id. */
  readonly #pending: Map<number, AnswerTaker> = new Map()
  #correlationId = 0
  #cause: Error | null = null
  /** Null while the connection is open, or being opened. */
  ended: FrameClientEnd | null = null

  constructor(open: OpenPipe, options: FrameClientOptions) {
    this.#options = options
    this.#pipe = open({
      received: (bytes) => this.#receive(bytes),
      ended: (how, error) => this.#end(how, error),
    })
  }

  /** A request with its size, numbered and not yet sent. */
  numbered<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Buffer {
    this.#correlationId += 1
    const { clientId } = this.#options
    return encodeRequest({ api, version, correlationId: this.#correlationId, clientId, body })
  }

  /** Hands the answer to this request, with its size, to the taker, once the request is sent. */
  expect(request: Buffer, taker: AnswerTaker): void {
    if (this.ended === null) this.#pending.set(request.readInt32BE(CORRELATION_ID_AT), taker)
    else taker(null)
  }

  /** Sends bytes: a request that is expected to be answered, one that is not, or a part of one. */
  send(bytes: Buffer): void {
    if (this.ended === null) this.#pipe.send(bytes)
  }

  /** Sends a request and resolves with its answer; rejects with one of `errors`, or WireError. */
  ask<Api extends ApiName>(request: RequestToAsk<Api>, errors: ClientErrors): Promise<AnswerBody<Api>> {
    const { api, version, body, timeoutMs } = request
    return new Promise((resolve, reject) => {
      const bytes = this.numbered(api, version, body)
      let timer: NodeJS.Timeout | null = null
      this.expect(bytes, (frame) => {
        if (timer !== null) clearTimeout(timer)
        if (frame === null) return reject(errors.ended(this.ended ?? 'closed', this.#cause))
        try {
          resolve(decodeResponse(api, version, frame).body)
        } catch (error) {
          reject(error)
        }
      })
      if (this.ended !== null) return
      this.send(bytes)
      timer = setTimeout(() => {
        reject(errors.timedOut(api, timeoutMs))
        this.close()
      }, timeoutMs)
    })
  }

  close(): void {
    this.#break('closed')
  }

  #receive(bytes: Buffer): void {
    for (const frame of this.#splitter.add(bytes) ?? [NOT_A_FRAME]) {
      if (this.ended !== null) return
      const correlationId = frame.length < CORRELATION_ID_BYTES ? null : frame.readInt32BE(0)
      const taker = correlationId === null ? undefined : this.#pending.get(correlationId)
      if (correlationId === null || taker === undefined) return this.#break('garbled')
      this.#pending.delete(correlationId)
      taker(frame)
    }
  }

  #break(how: FrameClientEnd): void {
    if (this.ended === null) this.#pipe.close()
    this.#end(how)
  }

  #end(how: FrameClientEnd, cause: Error | null = null): void {
    if (this.ended !== null) return
    this.ended = how
    this.#cause = cause
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const taker of pending) taker(null)
    this.#options.onEnd?.(how, cause)
  }
}
