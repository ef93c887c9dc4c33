import type net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  apiName,
  type Body,
  type DecodedRequest,
  decodeRequest,
  decodeResponse,
  type ErrorName,
  encodeRequest,
  encodeResponse,
  FrameSplitter,
  type RequestAction,
  readRequestHeader,
  WireError,
} from '../../kafka/index.ts'
import { rewrittenAnswer } from './addresses.ts'
import { type Exchange, type GateOptions, isOf } from './exchange.ts'
import { refusalOf } from './refusal.ts'
import { Upstream } from './upstream.ts'

const SIZE_BYTES = 4

interface UnderwayExchange {
  readonly exchange: Exchange
  readonly decoded: DecodedRequest | null
  readonly correlationId: number
  /** As it came, without its size. */
  readonly frame: Buffer
  ended: boolean
}

/**
 * One connection through a gate. It takes up one request at a time, as a broker does: what is held,
 * delayed or lost holds, delays or loses all that follows on the connection. An answer that is on
 * its way holds up the answers behind it, and no request.
 */
export class GateLine {
  readonly #client: net.Socket
  readonly #options: GateOptions
  readonly #incarnation: number
  readonly #upstream: Upstream
  readonly #splitter: FrameSplitter = new FrameSplitter()
  readonly #queue: UnderwayExchange[] = []
  /** Requests whose answers the client does not have yet. */
  readonly #unanswered: Set<UnderwayExchange> = new Set()
  /** Answers go on in their order. */
  #outgoing: Promise<void> = Promise.resolve()
  readonly #stopped: AbortController = new AbortController()
  #working = false
  /** Requests are no longer taken up. */
  #deaf = false
  /** Requests are no longer answered. */
  #mute = false
  #clientGone = false

  constructor(client: net.Socket, options: GateOptions, onClose: () => void) {
    this.#client = client
    this.#options = options
    this.#incarnation = options.keeper.incarnationOf(options.process)
    this.#upstream = new Upstream(options.upstream, () => this.#drop())
    client.on('data', (bytes) => this.#read(bytes))
    client.on('error', () => client.destroy())
    client.on('end', () => client.end())
    client.on('close', () => {
      this.#leave()
      onClose()
    })
  }

  nudge(): void {
    if (!this.#clientGone) this.#client.write(Buffer.alloc(1))
  }

  destroy(): void {
    this.#stopped.abort()
    this.#queue.length = 0
    this.#client.destroy()
    this.#upstream.destroy()
  }

  #read(bytes: Buffer): void {
    const frames = this.#splitter.add(bytes)
    if (frames === null) return void this.#client.destroy()
    for (const frame of frames) this.#queue.push(this.#begin(Buffer.from(frame)))
    if (!this.#working) void this.#work()
  }

  #begin(frame: Buffer): UnderwayExchange {
    const { process, broker, keeper } = this.#options
    const { apiKey, version, correlationId } = readRequestHeader(frame)
    const api = apiName(apiKey) ?? 'Unknown'
    const decoded = tryDecode(frame)
    const exchange: Exchange = {
      process,
      incarnation: this.#incarnation,
      broker,
      api,
      version,
      ordinal: keeper.ordinalOf(process, api),
      request: decoded?.body ?? null,
      answer: null,
    }
    keeper.sent(exchange)
    const underway = { exchange, decoded, correlationId, frame, ended: false }
    this.#unanswered.add(underway)
    return underway
  }

  /** The broker is gone, and with it the connection: what it has not taken up it never will. */
  #drop(): void {
    for (const { exchange } of this.#queue) exchange.dropped = true
    this.#client.destroy()
  }

  /** The client is gone; requests that have arrived are still served. */
  #leave(): void {
    this.#clientGone = true
    for (const underway of this.#unanswered) this.#end(underway, 'lost')
    if (this.#queue.length === 0 || this.#deaf) this.#upstream.end()
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let next = this.#queue[0]; next !== undefined && !this.#deaf; next = this.#queue[0]) {
      await this.#unlessStopped(this.#serve(next))
      if (!this.#deaf && this.#queue[0] === next) this.#queue.shift()
    }
    this.#working = false
    if (this.#clientGone) this.#upstream.end()
  }

  /** Work that a stopped gate breaks off has not failed. */
  #unlessStopped(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#options.keeper.failed(error)
    })
  }

  async #serve(underway: UnderwayExchange): Promise<void> {
    const { exchange } = underway
    const action = await this.#options.keeper.received(exchange)
    if (this.#stopped.signal.aborted) return
    switch (action.kind) {
      case 'lose':
        this.#deaf = true
        return
      case 'disconnect-before':
        this.#deaf = true
        this.#next(async () => this.#close())
        return
      case 'error':
        return this.#refuse(underway, action.error)
      case 'delay':
        await sleep(action.ms, undefined, { signal: this.#stopped.signal })
    }
    const answer = await this.#ask(underway)
    if (answer === null || this.#stopped.signal.aborted) return
    if (await this.#options.keeper.applied(exchange)) await this.#answer(underway, answer, action)
    else this.#endWithConnection(underway)
  }

  /**
   * Hands the request to the broker; the answer as the client is to get it, or null where there is
   * none.
   */
  async #ask({ exchange, decoded, correlationId, frame }: UnderwayExchange): Promise<Buffer | null> {
    const { keeper } = this.#options
    const body = keeper.amended(exchange)
    const { version } = exchange
    const request = body === null || decoded === null ? sized(frame) : encodeRequest({ ...decoded, body })
    if (isSilent(exchange)) {
      this.#upstream.tell(request)
      await keeper.applied(exchange)
      return null
    }
    const answered = await this.#answered(exchange, request)
    if (answered === null) return null
    if (exchange.answer === null || decoded === null) return sized(answered)
    const rewritten = rewrittenAnswer(exchange, keeper)
    return rewritten === null
      ? sized(answered)
      : encodeResponse(decoded.api, version, correlationId, rewritten)
  }

  /** The answer. What it drew by chance and is not to stand is given back after the next draw. */
  async #answered(exchange: Exchange, request: Buffer): Promise<Buffer | null> {
    const drawn: Buffer[] = []
    for (;;) {
      const answered = await this.#upstream.ask(request)
      exchange.answer = answered === null ? null : tryDecodeAnswer(exchange, answered)
      const retracted = exchange.answer === null ? null : this.#options.keeper.retracted(exchange)
      if (retracted !== null) {
        drawn.push(encodeRequest(retracted))
        continue
      }
      for (const each of drawn) await this.#upstream.ask(each)
      return answered
    }
  }

  async #answer(underway: UnderwayExchange, bytes: Buffer, action: RequestAction): Promise<void> {
    if (action.kind === 'lose-answer') this.#mute = true
    if (action.kind === 'disconnect-after') this.#deaf = true
    if (action.kind === 'delay-answer') await sleep(action.ms, undefined, { signal: this.#stopped.signal })
    const lost = this.#mute || this.#deaf
    this.#next(async () => {
      if (action.kind === 'disconnect-after') this.#close()
      if (lost || this.#clientGone || !(await this.#options.keeper.leaves(underway.exchange)))
        return this.#endWithConnection(underway)
      if (this.#clientGone) return this.#end(underway, 'lost')
      this.#client.write(bytes, (error) => this.#end(underway, error ? 'lost' : 'acknowledged'))
    })
  }

  /** After the answers that are on their way. */
  #next(work: () => Promise<void>): void {
    this.#outgoing = this.#unlessStopped(this.#outgoing.then(work))
  }

  #close(): void {
    this.#client.end()
    this.#client.destroySoon()
  }

  /** The answer never comes, and its client learns of that when the connection ends. */
  #endWithConnection(underway: UnderwayExchange): void {
    if (this.#clientGone) this.#end(underway, 'lost')
    else this.#client.once('close', () => this.#end(underway, 'lost'))
  }

  async #refuse(underway: UnderwayExchange, error: ErrorName): Promise<void> {
    const { exchange, decoded, correlationId } = underway
    if (decoded === null) return
    if (isSilent(exchange)) {
      this.#deaf = true
      return this.#next(async () => void this.#client.end())
    }
    const { api, version } = decoded
    // It names the brokers as well: they are asked for, and nothing is done.
    const known = api === 'Metadata' ? await this.#ask(underway) : null
    if (api === 'Metadata' && known === null) return
    exchange.answer = refusalOf(decoded, error, isOf(exchange, 'Metadata') ? exchange.answer : null)
    exchange.injected = true
    if (!(await this.#options.keeper.applied(exchange))) return this.#endWithConnection(underway)
    await this.#answer(underway, encodeResponse(api, version, correlationId, exchange.answer), {
      kind: 'proceed',
    })
  }

  #end(underway: UnderwayExchange, outcome: 'acknowledged' | 'lost'): void {
    if (underway.ended) return
    underway.ended = true
    this.#unanswered.delete(underway)
    this.#options.keeper.ended(underway.exchange, outcome)
  }
}

/** A producer that wants no acknowledgement gets no answer. */
function isSilent(exchange: Exchange): boolean {
  return isOf(exchange, 'Produce') && exchange.request?.acks === 0
}

function tryDecode(frame: Buffer): DecodedRequest | null {
  try {
    return decodeRequest(frame)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

function tryDecodeAnswer({ api, version, request }: Exchange, frame: Buffer): Body | null {
  if (api === 'Unknown' || request === null) return null
  try {
    return decodeResponse(api, version, frame).body
  } catch (error) {
    // ApiVersions in a version that the broker does not know is answered in version 0.
    if (error instanceof WireError) return null
    throw error
  }
}

function sized(frame: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}
