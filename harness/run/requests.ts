import type { EventOf, Observation } from '../core/history.ts'
import type { Peer, RequestAction, RequestHooks, RequestInfo } from '../kafka/cluster.interface.ts'
import { APIS } from '../kafka/wire/index.ts'
import type { Connection, NetworkTap } from '../sim/simulation.interface.ts'

const API_NAMES = new Map(Object.entries(APIS).map(([name, { key }]) => [key, name]))
const SIZE_BYTES = 4

type Commit = Omit<EventOf<'commit'>, 'seq' | 'timeUs'>

/** One request on its way, from the client's write to the last byte of the answer. */
interface Underway {
  readonly api: string
  readonly ordinal: number
  readonly name: string
  received: boolean
  /** Answered, or its connection is gone. */
  ended: boolean
  error: string | null
  readonly commits: Commit[]
}

/** One client connection to a broker: it is the cluster's `Peer`, and it counts frames in both directions. */
export class Line implements Peer {
  readonly process: string
  readonly incarnation: number
  readonly broker: string
  readonly connection: Connection
  readonly underway: Underway[] = []
  readonly outgoing = new FrameCounter()
  readonly incoming = new FrameCounter()
  /** How much later the next answer leaves. */
  answerExtraUs = 0

  constructor(connection: Connection) {
    this.process = connection.client
    this.incarnation = connection.process?.incarnation ?? 0
    this.broker = connection.server
    this.connection = connection
  }
}

/** Finds frame borders in a stream that may be cut anywhere. */
class FrameCounter {
  #rest: Buffer = Buffer.alloc(0)

  /** Calls `onFrame` with each whole frame, size prefix included. */
  feed(bytes: Buffer, onFrame: (frame: Buffer) => void): void {
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    while (data.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + data.readInt32BE(0)
      if (data.length < end) break
      onFrame(end === data.length ? data : data.subarray(0, end))
      data = data.subarray(end)
    }
    this.#rest = data
  }
}

export interface RequestsOptions {
  observe(observation: Observation): void
  /** How much later a message leaves, in microseconds, by the name of the event: what holds ask for. */
  holdUs(event: string): number
}

/**
 * Names requests (`consumer-0 OffsetCommit#2`), records their phases, and hands the schedule's request faults to the
 * brokers. It sits on the client's side of the network and in the brokers' hooks, and reads only frame headers.
 */
export class Requests implements NetworkTap, RequestHooks {
  readonly #options: RequestsOptions
  readonly #lines: Map<number, Line> = new Map()
  readonly #ordinals: Map<string, number> = new Map()
  readonly #armed: Map<string, RequestAction> = new Map()
  /** Commits of requests whose answer is not yet delivered, by request name. */
  readonly #underwayByName: Map<string, Underway> = new Map()

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  /** Commits that were sent and whose answer is not yet there. */
  commitsUnderway = 0

  arm(request: string, action: RequestAction): void {
    this.#armed.set(request, action)
  }

  /** The peer of this connection. */
  line(connection: Connection): Line {
    const known = this.#lines.get(connection.id)
    if (known !== undefined) return known
    const made = new Line(connection)
    this.#lines.set(connection.id, made)
    return made
  }

  /** Keeps the partitions of a commit, to say later whether their acknowledgement arrived. */
  noteCommit(commit: Commit): void {
    const api = commit.transactional ? 'TxnOffsetCommit' : 'OffsetCommit'
    this.#underwayByName.get(`${commit.process} ${api}#${commit.ordinal}`)?.commits.push(commit)
  }

  // --- the client's side of the network

  clientWrote(connection: Connection, bytes: Buffer): number {
    const line = this.line(connection)
    let extraUs = 0
    line.outgoing.feed(bytes, (frame) => {
      const api = API_NAMES.get(frame.readInt16BE(SIZE_BYTES)) ?? 'Unknown'
      extraUs += this.#sent(line, api)
    })
    return extraUs
  }

  #sent(line: Line, api: string): number {
    const counter = `${line.process} ${api}`
    const ordinal = (this.#ordinals.get(counter) ?? 0) + 1
    this.#ordinals.set(counter, ordinal)
    const name = `${counter}#${ordinal}`
    const underway = { api, ordinal, name, received: false, ended: false, error: null, commits: [] }
    line.underway.push(underway)
    this.#underwayByName.set(name, underway)
    if (isCommit(api)) this.commitsUnderway += 1
    this.#phase(line, underway, 'sent')
    return this.#options.holdUs(`${name} sent`)
  }

  clientGot(connection: Connection, bytes: Buffer): void {
    const line = this.line(connection)
    line.incoming.feed(bytes, () => {
      const answered = line.underway.shift()
      if (answered !== undefined) this.#end(line, answered, 'acknowledged')
    })
  }

  clientClosed(connection: Connection): void {
    const line = this.line(connection)
    // They stay in line: what had arrived is still applied, and has its name.
    for (const each of line.underway) if (!each.ended) this.#end(line, each, 'lost')
  }

  #end(line: Line, underway: Underway, phase: 'acknowledged' | 'lost'): void {
    underway.ended = true
    this.#underwayByName.delete(underway.name)
    if (isCommit(underway.api)) this.commitsUnderway -= 1
    this.#phase(line, underway, phase)
    for (const commit of underway.commits) this.#options.observe({ ...commit, phase })
  }

  // --- the brokers' hooks

  ordinal(request: RequestInfo): number {
    return this.#find(request)?.ordinal ?? 0
  }

  received(request: RequestInfo): RequestAction {
    const line = request.peer as Line
    const underway = line.underway.find(({ received }) => !received)
    if (underway === undefined) return { kind: 'proceed' }
    underway.received = true
    this.#phase(line, underway, 'received')
    const action = this.#armed.get(underway.name)
    if (action !== undefined) this.#armed.delete(underway.name)
    return action ?? { kind: 'proceed' }
  }

  applied(request: RequestInfo, errorName: string | null): void {
    const line = request.peer as Line
    const underway = this.#find(request)
    if (underway === undefined) return
    underway.error = errorName
    this.#phase(line, underway, 'applied')
    line.answerExtraUs = this.#options.holdUs(`${underway.name} applied`)
    const unanswered = request.api === 'Produce' && request.body['acks'] === 0
    if (unanswered) line.underway.splice(line.underway.indexOf(underway), 1)
  }

  /** A connection works on one request at a time: it is the last that was received. */
  #find(request: RequestInfo): Underway | undefined {
    return (request.peer as Line).underway.findLast(({ received }) => received)
  }

  #phase(line: Line, { api, ordinal, error }: Underway, phase: EventOf<'request'>['phase']): void {
    const { process, incarnation, broker } = line
    this.#options.observe({ kind: 'request', phase, api, ordinal, broker, error, process, incarnation })
  }
}

function isCommit(api: string): boolean {
  return api === 'OffsetCommit' || api === 'TxnOffsetCommit'
}
