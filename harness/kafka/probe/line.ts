import { FrameSplitter } from '../wire/frame-splitter.ts'
import { type ApiName, decodeResponse, encodeRequest, type RequestDraft } from '../wire/index.ts'
import { Call } from './call.ts'
import type { OpenPipe, Pipe } from './pipe.ts'

const FRAME_BYTES_MAX = 2 ** 30

/** One connection of a client that speaks frames: requests out, answers matched with them. */
export class Line {
  readonly #pipe: Pipe
  readonly #clientId: string
  readonly #splitter = new FrameSplitter(FRAME_BYTES_MAX)
  readonly #calls: Map<number, (frame: Buffer) => void> = new Map()
  #nextCorrelationId = 1
  #raw: { received: Buffer } | null = null
  /** Correlation ids in the order in which they were answered. */
  readonly answered: number[] = []
  /** How the other side ended it; null while it is open. */
  ended: 'closed' | 'reset' | null = null

  constructor(open: OpenPipe, clientId = 'client') {
    this.#clientId = clientId
    this.#pipe = open({
      received: (bytes) => this.#receive(bytes),
      ended: (how) => {
        this.ended ??= how
      },
    })
  }

  get closed(): boolean {
    return this.ended !== null
  }

  /** A request that is not sent yet. */
  frame<Api extends ApiName>(
    api: Api,
    version: number,
    body: RequestDraft<Api>,
  ): { readonly call: Call<Api>; readonly bytes: Buffer } {
    const correlationId = this.#nextCorrelationId++
    const call = new Call(api, version)
    this.#calls.set(correlationId, (frame) => {
      call.body = decodeResponse(api, version, frame).body
    })
    const bytes = encodeRequest({ api, version, correlationId, clientId: this.#clientId, body })
    return { call, bytes }
  }

  call<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Call<Api> {
    const { call, bytes } = this.frame(api, version, body)
    this.send(bytes)
    return call
  }

  send(bytes: Buffer): void {
    this.#pipe.send(bytes)
  }

  /**
   * Bytes that need not be a request; from now on answers are not read. @returns what comes back,
   * as it is
   */
  raw(bytes: Buffer): { readonly received: Buffer } {
    this.#raw = { received: Buffer.alloc(0) }
    this.send(bytes)
    return this.#raw
  }

  close(): void {
    this.#pipe.close()
  }

  #receive(bytes: Buffer): void {
    if (this.#raw !== null) {
      this.#raw.received = Buffer.concat([this.#raw.received, bytes])
      return
    }
    const frames = this.#splitter.add(bytes)
    if (frames === null) throw new Error('what came back is not a frame')
    for (const frame of frames) {
      const correlationId = frame.readInt32BE(0)
      const answered = this.#calls.get(correlationId)
      if (answered === undefined) throw new Error(`an answer to no request: ${correlationId}`)
      this.answered.push(correlationId)
      answered(frame)
    }
  }
}
