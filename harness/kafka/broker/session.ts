import { type Admission, Authenticator } from '../access/authenticator.ts'
import type {
  BrokerAddress,
  Peer,
  RequestAction,
  RequestInfo,
  Session,
  Transport,
} from '../cluster.interface.ts'
import type { SeenCluster } from '../cluster-parts.interface.ts'
import { clientOf } from '../quota/throttled-client.ts'
import type { Throttling } from '../quota/throttling.ts'
import { unsupportedApiVersions } from '../requests/api-versions.ts'
import { authorized } from '../requests/authorization/authorized.ts'
import type { FetchSessions } from '../requests/fetch-sessions.ts'
import type { HandledRequest, RequestContext } from '../requests/handler.ts'
import { handlerOf } from '../requests/index.ts'
import type { Profile } from '../versions/profile.ts'
import { encodeAnswer } from '../wire/encode-answer.ts'
import { FrameSplitter } from '../wire/frame-splitter.ts'
import {
  type AnswerDraft,
  type ApiName,
  apiName,
  type DecodedRequest,
  decodeRequest,
  errorName,
  readRequestHeader,
  WireError,
} from '../wire/index.ts'
import { firstErrorCode } from './first-error.ts'

/** The broker that a connection belongs to. */
export interface SessionOwner {
  readonly profile: Profile | null
  readonly id: number
  readonly address: BrokerAddress
  readonly cluster: SeenCluster
  readonly fetchSessions: FetchSessions
  forget(session: ClientSession): void
}

interface SessionAnswer {
  readonly body: AnswerDraft<ApiName>
  /** None is awaited. */
  readonly silent: boolean
  readonly failed: boolean
}

const API_VERSIONS_KEY = 18
/** With more than this waiting for the request at hand, nothing more is read from the peer. */
const WAITING_BYTES_MAX = 1024 * 1024
const PROCEED: RequestAction = { kind: 'proceed' }

/**
 * One connection as its broker sees it: frames in, one request at a time, answers in order
 * (KAFKA.md T1). What is wrong with a frame closes the connection, as Kafka does, and so does
 * silence for `connections.max.idle.ms` (T4).
 */
export class ClientSession implements Session {
  readonly broker: SessionOwner
  readonly peer: Peer
  readonly id: number
  readonly #transport: Transport
  /** Null: authentication is not demanded. */
  readonly authenticator: Authenticator | null
  readonly #splitter: FrameSplitter
  readonly #frames: Buffer[] = []
  #waitingBytes = 0
  /** The transport has been told to read no more. */
  #muted = false
  #busy = false
  /** Frames are being taken up; a request that is answered at once needs no new start. */
  #taking = false
  #open = true
  #killed = false
  /** Arriving bytes are no longer read, and nothing is answered. */
  #deaf = false
  /** Asked for when the request arrived: once its client has gone, the hooks have forgotten it. */
  #ordinalOfDelayed: number | null = null
  /** Of the request at hand, with its header. */
  #requestBytes = 0
  /** Answers are swallowed. */
  #mute = false
  readonly #onClose: Set<() => void> = new Set()
  readonly #idleMsMax: number
  #activeMs = 0
  #idleTimer: { cancel(): void } | null = null

  constructor(options: { broker: SessionOwner; peer: Peer; transport: Transport; id: number }) {
    this.broker = options.broker
    this.peer = options.peer
    this.id = options.id
    this.#transport = options.transport
    const { clock, settings, users } = this.broker.cluster
    const sessionMs = settings['connections.max.reauth.ms']
    this.authenticator = users.demanded ? new Authenticator(users, { clock, sessionMs }) : null
    this.#splitter = new FrameSplitter(settings['socket.request.max.bytes'])
    this.#idleMsMax = settings['connections.max.idle.ms']
    this.#activeMs = clock.nowMs()
    if (this.#idleMsMax >= 0) this.#watch(this.#idleMsMax)
  }

  /** One timer a connection: it looks at the last activity only when it goes off. */
  #watch(forMs: number): void {
    const { clock } = this.broker.cluster
    this.#idleTimer = clock.after(forMs, () => {
      const leftMs = this.#activeMs + this.#idleMsMax - clock.nowMs()
      if (leftMs > 0) this.#watch(leftMs)
      else this.#close()
    })
  }

  receive(bytes: Buffer): void {
    if (!this.#open || this.#deaf) return this.#transport.spent?.(bytes)
    this.#activeMs = this.broker.cluster.clock.nowMs()
    const frames = this.#splitter.add(bytes)
    if (frames === null) return this.#close()
    if (frames.length === 0) return this.#transport.spent?.(bytes)
    for (const frame of frames) {
      this.#frames.push(frame)
      this.#waitingBytes += frame.length
    }
    this.broker.cluster.turns.take(() => this.#next())
  }

  drained(): void {
    this.broker.cluster.turns.take(() => this.#next())
  }

  closed(): void {
    if (!this.#open) return
    this.#open = false
    this.#idleTimer?.cancel()
    this.#frames.length = 0
    this.#splitter.dispose()
    this.broker.forget(this)
    for (const action of this.#onClose) action()
    this.#onClose.clear()
  }

  /** The broker's machine is gone. */
  kill(): void {
    this.#killed = true
    this.#transport.reset()
    this.closed()
  }

  /** A connection on which requests or answers were lost ends, as TCP would have it in the end. */
  resetIfLossy(): boolean {
    if (!this.#deaf && !this.#mute) return false
    this.#transport.reset()
    this.closed()
    return true
  }

  #close(): void {
    this.#transport.close()
    this.closed()
  }

  #next(): void {
    this.#taking = true
    while (!this.#busy && this.#open && !this.#deaf && this.#transport.ready?.() !== false) {
      const frame = this.#frames.shift()
      if (frame === undefined) break
      this.#waitingBytes -= frame.length
      this.#busy = true
      this.#requestBytes = frame.length
      this.#take(frame)
    }
    this.#taking = false
    const full = this.#open && !this.#deaf && this.#waitingBytes > WAITING_BYTES_MAX
    if (full === this.#muted) return
    this.#muted = full
    this.#transport.muted?.(full)
  }

  #take(frame: Buffer): void {
    let request: DecodedRequest
    let admission: Admission = 'admitted'
    try {
      const { apiKey, version, correlationId } = readRequestHeader(frame)
      const api = apiName(apiKey)
      const served = api === undefined ? undefined : handlerOf(api, version)
      const { profile } = this.broker
      if (served === undefined || profile?.serves(apiKey, version) === false) {
        if (apiKey !== API_VERSIONS_KEY) return this.#close()
        this.#transport.send(unsupportedApiVersions(correlationId))
        return this.#done()
      }
      if (this.authenticator !== null) admission = this.authenticator.admits(apiKey)
      if (admission === 'closed') return this.#close()
      request = decodeRequest(frame)
    } catch (error) {
      if (error instanceof WireError) return this.#close()
      throw error
    }
    const info = this.#infoOf(request)
    if (admission === 'refused') return this.#refuseStranger(info, request)
    this.#act(info, request, this.broker.cluster.hooks.received?.(info) ?? PROCEED)
  }

  /** As after a failed authentication, the error is delayed and the connection then closed. */
  #refuseStranger(info: RequestInfo, request: DecodedRequest): void {
    const { clock, hooks, settings } = this.broker.cluster
    const error = 'ILLEGAL_SASL_STATE'
    const body = this.#handled(info, request).refuse(error)
    clock.after(settings['connection.failed.authentication.delay.ms'], () => {
      hooks.applied?.(info, error)
      this.#send(request, { body, silent: false, failed: true })
    })
  }

  #infoOf({ api, version, correlationId, clientId, body }: DecodedRequest): RequestInfo {
    const { peer, id, broker } = this
    return { peer, connectionId: id, broker: broker.address, api, version, correlationId, clientId, body }
  }

  #act(info: RequestInfo, request: DecodedRequest, action: RequestAction): void {
    const { clock, hooks } = this.broker.cluster
    const send = (answer: SessionAnswer): void => this.#send(request, answer)
    switch (action.kind) {
      case 'proceed':
        return this.#apply(info, request, send)
      case 'delay':
        // A request that has arrived is served even if its client has stopped waiting (T5), unless
        // the machine is dead.
        this.#ordinalOfDelayed = hooks.ordinal?.(info) ?? 0
        clock.after(action.ms, () => {
          if (!this.#killed) this.#apply(info, request, send)
        })
        return
      case 'lose':
        this.#deaf = true
        return
      case 'disconnect-before':
        return this.#close()
      case 'disconnect-after':
        return this.#apply(info, request, () => this.#close())
      case 'lose-answer':
        this.#mute = true
        return this.#apply(info, request, send)
      case 'delay-answer':
        return this.#apply(info, request, (answer) => {
          clock.after(action.ms, () => send(answer))
        })
      case 'error': {
        const handled = this.#handled(info, request)
        hooks.applied?.(info, action.error)
        return send({ body: handled.refuse(action.error), silent: handled.silent === true, failed: true })
      }
    }
  }

  #handled(info: RequestInfo, request: DecodedRequest): HandledRequest<ApiName> {
    const handler = handlerOf(request.api, request.version)
    if (handler === undefined) throw new Error(`${request.api} has no handler`)
    const context: RequestContext<ApiName> = {
      cluster: this.broker.cluster,
      broker: this.broker,
      peer: this.peer,
      authenticator: this.authenticator,
      clientId: request.clientId ?? '',
      version: request.version,
      body: request.body,
      ordinal: () => this.#ordinalOfDelayed ?? this.broker.cluster.hooks.ordinal?.(info) ?? 0,
      onClose: (action) => {
        this.#onClose.add(action)
        return () => void this.#onClose.delete(action)
      },
    }
    const { authorizer } = this.broker.cluster
    if (authorizer === null) return handler(context)
    return authorized({ api: request.api, handler, authorizer }, context)
  }

  #apply(info: RequestInfo, request: DecodedRequest, answered: (answer: SessionAnswer) => void): void {
    let done = false
    const handled = this.#handled(info, request)
    handled.apply((body) => {
      if (done || this.#killed) return
      done = true
      const code = firstErrorCode(body)
      this.broker.cluster.hooks.applied?.(info, code === 0 ? null : errorName(code))
      if (this.#open) answered({ body, silent: handled.silent === true, failed: code !== 0 })
    })
  }

  #send(request: DecodedRequest, answer: SessionAnswer): void {
    const { api, version, correlationId } = request
    const { body, silent, failed } = answer
    if (!this.#open) return
    if (silent && failed) return this.#close()
    const { clock, throttling } = this.broker.cluster
    this.#activeMs = clock.nowMs()
    const throttleMs = throttling === null ? 0 : this.#throttleMs(throttling, request, answer)
    const told = throttleMs === 0 ? body : throttled(body, throttleMs)
    if (!silent && !this.#mute) this.#transport.send(encodeAnswer(api, version, correlationId, told))
    if (this.authenticator?.failed === true) return this.#close()
    if (throttleMs === 0) this.#done()
    else this.#muteFor(throttleMs)
  }

  /**
   * The answer leaves at once, and then nothing is taken up for a while (KIP-219; KAFKA.md T3),
   * whatever its version.
   */
  #muteFor(throttleMs: number): void {
    const timer = this.broker.cluster.clock.after(throttleMs, () => {
      this.#onClose.delete(cancel)
      this.#done()
    })
    const cancel = (): void => timer.cancel()
    this.#onClose.add(cancel)
  }

  #throttleMs(
    throttling: Throttling,
    { api, clientId }: DecodedRequest,
    { body, silent }: SessionAnswer,
  ): number {
    // A throttled Fetch has no records, so that it knows already.
    if (api === 'Fetch') return ('throttleTimeMs' in body && body.throttleTimeMs) || 0
    const nowMs = this.broker.cluster.clock.nowMs()
    const client = clientOf(this, clientId ?? '')
    return api === 'Produce'
      ? throttling.ofProduce(client, { bytes: this.#requestBytes, exempt: silent, nowMs })
      : throttling.ofRequest(client, nowMs)
  }

  #done(): void {
    this.#busy = false
    this.#ordinalOfDelayed = null
    if (!this.#taking) this.broker.cluster.turns.afterwards(() => this.#next())
  }
}

/** Generic, since the compiler takes seconds to spread a union of all answers. */
function throttled<Answer extends object>(body: Answer, throttleTimeMs: number): Answer {
  return { ...body, throttleTimeMs }
}
