import { printed } from '../core/event-names.ts'
import type { InARow } from '../core/faults/times.ts'
import type { EventOf, HistoryEvent, Observation } from '../core/history.ts'
import { type RequestId, requestName } from '../core/names.ts'
import {
  APIS,
  FrameSplitter,
  isRequestOf,
  type Peer,
  type RequestAction,
  type RequestHooks,
  type RequestInfo,
} from '../kafka/index.ts'
import type { Connection, NetworkTap } from '../sim/simulation.interface.ts'
import { Armed } from './armed.ts'
import type { Holds } from './port.ts'

const API_NAMES = new Map(Object.entries(APIS).map(([name, { key }]) => [key, name]))
const API_KEY_BYTES = 2
const PROCEED: RequestAction = { kind: 'proceed' }

type SentCommit = Omit<EventOf<'commit'>, 'seq' | 'timeUs'>

/** One request on its way, from the client's write to the last byte of the answer. */
interface UnderwayRequest {
  readonly api: string
  readonly ordinal: number
  received: boolean
  /** Answered, or its connection is gone. */
  ended: boolean
  error: string | null
  /** The commits in the request, recorded when it is applied; null for all other requests. */
  readonly commits: SentCommit[] | null
}

/**
 * One client connection to a broker: it is the cluster's `Peer`, and it counts frames in both
 * directions.
 */
export class ClientLine implements Peer {
  readonly process: string
  readonly incarnation: number
  readonly broker: string
  readonly connection: Connection
  /** How many requests of each api this process has sent, over all its connections. */
  readonly sent: Map<string, number>
  readonly underway: UnderwayRequest[] = []
  readonly outgoing = new FrameSplitter()
  readonly incoming = new FrameSplitter()
  /** How much later the next answer leaves. */
  answerExtraUs = 0

  constructor(connection: Connection, sent: Map<string, number>) {
    this.sent = sent
    this.process = connection.client
    this.incarnation = connection.process?.incarnation ?? 0
    this.broker = connection.server
    this.connection = connection
  }
}

export interface RequestsOptions {
  observe(observation: Observation): void
  readonly holds: Holds
}

/**
 * Names requests (`consumer-0 OffsetCommit#2`), records their phases, and hands the schedule's
 * request faults to the brokers. It sits on the client's side of the network and in the brokers'
 * hooks, and reads only frame headers.
 */
export class Requests implements NetworkTap, RequestHooks {
  readonly #options: RequestsOptions
  readonly #lines: Map<number, ClientLine> = new Map()
  /** By process and api. */
  readonly #sentBy: Map<string, Map<string, number>> = new Map()
  readonly #armed: Armed<RequestAction> = new Armed()
  /** Commits whose answer is not yet delivered, by request name. */
  readonly #commits: Map<string, SentCommit[]> = new Map()

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  /** Properties of the app's clients that their requests have told so far. */
  readonly seen = { staticMembers: false, awaitsReplicas: false }

  /** Commits that were sent and whose answer is not yet there. */
  commitsUnderway = 0

  /**
   * Drops what is armed: requests that come from now on are served.
   * @returns whether some were refused until now
   */
  heal(): boolean {
    return this.#armed.heal()
  }

  arm(request: string, action: RequestAction, times?: InARow): void {
    this.#armed.arm(request, action, times)
  }

  observe(event: HistoryEvent): void {
    this.#armed.observe(event)
  }

  /**
   * The client line of a connection that a broker has accepted; other connections are not Kafka's.
   */
  line(connection: Connection): ClientLine {
    const known = this.#lines.get(connection.id)
    if (known !== undefined) return known
    let sent = this.#sentBy.get(connection.client)
    if (sent === undefined) {
      sent = new Map()
      this.#sentBy.set(connection.client, sent)
    }
    const made = new ClientLine(connection, sent)
    this.#lines.set(connection.id, made)
    return made
  }

  /** Keeps the partitions of a commit, to say later whether their acknowledgement arrived. */
  noteCommit(commit: SentCommit): void {
    const api = commit.transactional ? 'TxnOffsetCommit' : 'OffsetCommit'
    this.#commits.get(requestName({ process: commit.process, api, ordinal: commit.ordinal }))?.push(commit)
  }

  // --- the client's side of the network

  clientWrote(connection: Connection, bytes: Buffer): number {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return 0
    let extraUs = 0
    for (const frame of line.outgoing.add(bytes) ?? []) {
      const key = frame.length < API_KEY_BYTES ? -1 : frame.readInt16BE(0)
      extraUs += this.#sent(line, API_NAMES.get(key) ?? 'Unknown')
    }
    return extraUs
  }

  #sent(line: ClientLine, api: string): number {
    const ordinal = (line.sent.get(api) ?? 0) + 1
    line.sent.set(api, ordinal)
    const commits = isCommit(api) ? [] : null
    const underway = { api, ordinal, received: false, ended: false, error: null, commits }
    line.underway.push(underway)
    if (commits !== null) {
      this.#commits.set(nameOf(line, underway), commits)
      this.commitsUnderway += 1
    }
    this.#phase(line, underway, 'sent')
    return this.#holdUs(line, underway, 'sent')
  }

  clientGot(connection: Connection, bytes: Buffer): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    for (const _ of line.incoming.add(bytes) ?? []) {
      const answered = line.underway.shift()
      if (answered !== undefined) this.#end(line, answered, 'acknowledged')
    }
  }

  clientClosed(connection: Connection): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    // They stay in line: what had arrived is still applied, and has its name.
    for (const each of line.underway) if (!each.ended) this.#end(line, each, 'lost')
  }

  #end(line: ClientLine, underway: UnderwayRequest, phase: 'acknowledged' | 'lost'): void {
    underway.ended = true
    const { commits } = underway
    if (commits !== null) {
      this.#commits.delete(nameOf(line, underway))
      this.commitsUnderway -= 1
    }
    this.#phase(line, underway, phase)
    for (const commit of commits ?? []) this.#options.observe({ ...commit, phase })
  }

  // --- the brokers' hooks

  ordinal(request: RequestInfo): number {
    return this.#find(request)?.ordinal ?? 0
  }

  received(request: RequestInfo): RequestAction {
    const line = lineOf(request)
    const underway = line.underway.find(({ received }) => !received)
    if (underway === undefined) return PROCEED
    underway.received = true
    this.#look(request)
    this.#phase(line, underway, 'received')
    return this.#takeArmed(line, underway) ?? PROCEED
  }

  #look(request: RequestInfo): void {
    const { seen } = this
    if (isRequestOf(request, 'Produce')) seen.awaitsReplicas ||= request.body.acks === -1
    else if (isRequestOf(request, 'JoinGroup')) seen.staticMembers ||= isText(request.body.groupInstanceId)
    else if (isRequestOf(request, 'ConsumerGroupHeartbeat'))
      seen.staticMembers ||= isText(request.body.instanceId)
  }

  #takeArmed(line: ClientLine, underway: UnderwayRequest): RequestAction | undefined {
    // Names are made where somebody waits for one: most requests of most runs need none.
    return this.#armed.isEmpty ? undefined : this.#armed.take(nameOf(line, underway))
  }

  applied(request: RequestInfo, errorName: string | null): void {
    const line = lineOf(request)
    const underway = this.#find(request)
    if (underway === undefined) return
    underway.error = errorName
    this.#phase(line, underway, 'applied')
    line.answerExtraUs = this.#holdUs(line, underway, 'applied')
    const unanswered = isRequestOf(request, 'Produce') && request.body.acks === 0
    if (unanswered) line.underway.splice(line.underway.indexOf(underway), 1)
  }

  /** A connection works on one request at a time: it is the last that was received. */
  #find(request: RequestInfo): UnderwayRequest | undefined {
    return lineOf(request).underway.findLast(({ received }) => received)
  }

  /** How much later a message leaves, in microseconds: what holds ask for. */
  #holdUs(line: ClientLine, underway: UnderwayRequest, phase: 'sent' | 'applied'): number {
    const { holds } = this.#options
    return holds.any ? holds.take(printed({ of: 'request', request: requestOf(line, underway), phase })) : 0
  }

  #phase(
    line: ClientLine,
    { api, ordinal, error }: UnderwayRequest,
    phase: EventOf<'request'>['phase'],
  ): void {
    const { process, incarnation, broker } = line
    this.#options.observe({ kind: 'request', phase, api, ordinal, broker, error, process, incarnation })
  }
}

/** The connection of a request: each peer of the cluster in a run is one. */
function lineOf({ peer }: RequestInfo): ClientLine {
  if (!(peer instanceof ClientLine)) throw new TypeError(`${peer.process} has no client line`)
  return peer
}

function requestOf({ process }: ClientLine, { api, ordinal }: UnderwayRequest): RequestId {
  return { process, api, ordinal }
}

function nameOf(line: ClientLine, underway: UnderwayRequest): string {
  return requestName(requestOf(line, underway))
}

function isCommit(api: string): boolean {
  return api === 'OffsetCommit' || api === 'TxnOffsetCommit'
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
