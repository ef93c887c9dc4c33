import { FrameClient } from '../client/frame-client.ts'
import type { OpenPipe, PipeEnd } from '../client/pipe.ts'
import { type ApiName, decodeResponse, type RequestDraft } from '../wire/index.ts'
import { Call } from './call.ts'

/**
 * A connection of a test or a tool, which looks at what has come instead of waiting for it, and
 * can send what is no request.
 */
export class Line {
  readonly #client: FrameClient
  #raw: { received: Buffer } | null = null
  /** Correlation ids in the order in which they were answered. */
  readonly answered: number[] = []

  constructor(open: OpenPipe, clientId = 'client') {
    const opened: OpenPipe = (owner) =>
      open({
        received: (bytes) => {
          if (this.#raw === null) owner.received(bytes)
          else this.#raw.received = Buffer.concat([this.#raw.received, bytes])
        },
        ended: (how, error) => owner.ended(how, error),
      })
    this.#client = new FrameClient(opened, {
      clientId,
      onEnd(how) {
        if (how === 'garbled') throw new Error('what came back is no answer to a request')
      },
    })
  }

  /** How it ended; null while it is open. */
  get ended(): PipeEnd | null {
    const { ended } = this.#client
    return ended === 'garbled' ? 'closed' : ended
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
    const call = new Call(api, version)
    const bytes = this.#client.numbered(api, version, body)
    this.#client.expect(bytes, (frame) => {
      if (frame === null) return
      this.answered.push(frame.readInt32BE(0))
      call.body = decodeResponse(api, version, frame).body
    })
    return { call, bytes }
  }

  call<Api extends ApiName>(api: Api, version: number, body: RequestDraft<Api>): Call<Api> {
    const { call, bytes } = this.frame(api, version, body)
    this.send(bytes)
    return call
  }

  send(bytes: Buffer): void {
    this.#client.send(bytes)
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
    this.#client.close()
  }
}
