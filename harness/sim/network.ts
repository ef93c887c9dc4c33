import type { Chance, Stream } from '../core/seed.ts'
import type {
  Cancel,
  ClientConnection,
  ClientEnd,
  ClientNetwork,
  Connection,
  LinkLatency,
  Network,
  NetworkTap,
  SimProcess,
} from './simulation.interface.ts'

/** What travels: a handshake, bytes, or an end. */
type Message =
  | { readonly kind: 'syn' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'fin' }
  | { readonly kind: 'reset' }

export interface NetworkOptions {
  readonly chance: Chance
  readonly latency: LinkLatency
  readonly tap: NetworkTap | undefined
  nowUs(): number
  schedule(delayUs: number, owner: SimProcess | null, action: () => void): unknown
}

/** One direction between two hosts, over all their connections. */
class Link {
  readonly random: Stream
  extraUs = 0
  cuts = 0
  refusals = 0
  /** Lanes that have messages waiting for the link to heal. */
  readonly stalled: Set<Lane> = new Set()

  constructor(random: Stream) {
    this.random = random
  }
}

/** One direction of one connection: messages arrive in the order in which they left. */
class Lane {
  readonly link: Link
  readonly #network: SimNetwork
  readonly #owner: SimProcess | null
  readonly #deliver: (message: Message) => void
  readonly #messages: Message[] = []
  #head = 0
  #stalled = 0
  #lastUs = 0
  blackHole = false
  closed = false

  constructor(options: {
    network: SimNetwork
    link: Link
    owner: SimProcess | null
    deliver: (message: Message) => void
  }) {
    this.#network = options.network
    this.link = options.link
    this.#owner = options.owner
    this.#deliver = options.deliver
  }

  send(message: Message, extraUs = 0): void {
    if (this.blackHole || this.closed) return
    this.#messages.push(message)
    this.#travel(extraUs)
  }

  /** The link has healed: what waited arrives in its order. */
  heal(): void {
    for (; this.#stalled > 0; this.#stalled -= 1) this.#travel(0)
  }

  #travel(extraUs: number): void {
    const { nowUs, latency } = this.#network
    const travelUs = this.link.random.between(latency.lowUs, latency.highUs) + this.link.extraUs + extraUs
    this.#lastUs = Math.max(this.#lastUs, nowUs + travelUs)
    this.#network.schedule(this.#lastUs - nowUs, this.#owner, () => this.#arrive())
  }

  #arrive(): void {
    if (this.blackHole || this.closed) return
    if (this.link.cuts > 0) {
      this.#stalled += 1
      this.link.stalled.add(this)
      return
    }
    const message = this.#messages[this.#head] as Message
    this.#head += 1
    if (this.#head === this.#messages.length) {
      this.#messages.length = 0
      this.#head = 0
    }
    this.#deliver(message)
  }
}

/** A connection as the network and the server see it. */
export class SimConnection implements Connection, ClientConnection {
  readonly id: number
  readonly client: string
  readonly process: SimProcess | null
  readonly server: string
  readonly port: number
  readonly clientPort: number
  onData: (bytes: Buffer) => void = () => {}
  onEnd: () => void = () => {}
  onClose: () => void = () => {}
  readonly #network: SimNetwork
  readonly #end: ClientEnd
  readonly #toServer: Lane
  readonly #toClient: Lane
  #serverOpen = false
  #clientOpen = true
  #serverEnded = false
  #clientEnded = false
  #writing = false
  #closeAfterWrite = false

  constructor(
    network: SimNetwork,
    options: { id: number; process: SimProcess; server: string; port: number; end: ClientEnd },
  ) {
    const { id, process, server, port, end } = options
    this.#network = network
    this.id = id
    this.client = process.name
    this.process = process
    this.server = server
    this.port = port
    this.clientPort = 32_768 + (id % 28_000)
    this.#end = end
    this.#toServer = new Lane({
      network,
      link: network.link(process.name, server),
      owner: null,
      deliver: (message) => this.#atServer(message),
    })
    this.#toClient = new Lane({
      network,
      link: network.link(server, process.name),
      owner: process,
      deliver: (message) => this.#atClient(message),
    })
    this.#toServer.send({ kind: 'syn' })
  }

  // --- the server's side

  write(bytes: Buffer, extraUs = 0): void {
    if (!this.#serverOpen || this.#serverEnded) return
    for (const chunk of this.#network.chunks(bytes))
      this.#toClient.send({ kind: 'data', bytes: chunk }, extraUs)
  }

  end(): void {
    if (!this.#serverOpen || this.#serverEnded) return
    this.#serverEnded = true
    this.#toClient.send({ kind: 'fin' })
    if (this.#clientEnded) this.#closeServer()
  }

  reset(): void {
    if (!this.#serverOpen) return
    this.#toClient.send({ kind: 'reset' })
    this.#closeServer()
  }

  blackHole(direction: 'to-server' | 'to-client'): void {
    if (direction === 'to-server') this.#toServer.blackHole = true
    else this.#toClient.blackHole = true
  }

  // --- the client's side

  clientWrite(bytes: Buffer): void {
    if (!this.#clientOpen || this.#clientEnded) return
    // Whoever hears of the write may end the process: what it wrote travels all the same, and before its end.
    this.#writing = true
    const extraUs = this.#network.tap?.clientWrote(this, bytes) ?? 0
    for (const chunk of this.#network.chunks(bytes))
      this.#toServer.send({ kind: 'data', bytes: chunk }, extraUs)
    this.#writing = false
    if (this.#closeAfterWrite) this.clientClose()
  }

  clientEnd(): void {
    if (!this.#clientOpen || this.#clientEnded) return
    this.#clientEnded = true
    this.#toServer.send({ kind: 'fin' })
  }

  /** The client's kernel closes the connection: what was written still travels. */
  clientClose(): void {
    if (!this.#clientOpen) return
    if (this.#writing) {
      this.#closeAfterWrite = true
      return
    }
    if (!this.#clientEnded) this.#toServer.send({ kind: 'fin' })
    this.#clientEnded = true
    this.#closeClient()
  }

  /** Both ends are told that the connection is gone, as after an RST from the middle. */
  resetBoth(): void {
    this.#toServer.closed = true
    this.#toClient.send({ kind: 'reset' })
    this.#closeServer()
  }

  #atServer(message: Message): void {
    switch (message.kind) {
      case 'syn':
        return this.#accept()
      case 'data':
        if (this.#serverOpen) this.onData(message.bytes)
        else this.#toClient.send({ kind: 'reset' })
        return
      case 'fin':
        if (!this.#serverOpen) return
        this.#clientEnded = true
        this.onEnd()
        if (this.#serverEnded || !this.#clientOpen) this.#closeServer()
        return
      case 'reset':
        return this.#closeServer()
      default:
    }
  }

  #accept(): void {
    const accept = this.#network.listener(this.server, this.port)
    if (accept === undefined || this.#toServer.link.refusals > 0) {
      this.#toClient.send({ kind: 'refused' })
      return
    }
    this.#serverOpen = true
    this.#network.opened(this)
    accept(this)
    this.#toClient.send({ kind: 'accepted' })
  }

  #atClient(message: Message): void {
    if (!this.#clientOpen) return
    switch (message.kind) {
      case 'accepted':
        return this.#end.connected()
      case 'refused':
        this.#closeClient()
        return this.#end.refused()
      case 'data':
        this.#network.tap?.clientGot(this, message.bytes)
        return this.#end.data(message.bytes)
      case 'fin':
        return this.#end.ended()
      case 'reset':
        this.#closeClient()
        return this.#end.reset()
      default:
    }
  }

  #closeClient(): void {
    this.#clientOpen = false
    this.#toClient.closed = true
    this.#network.tap?.clientClosed(this)
  }

  #closeServer(): void {
    if (!this.#serverOpen) return
    this.#serverOpen = false
    this.#network.closed(this)
    this.onClose()
  }
}

/** Hosts, links and connections. It moves bytes and knows nothing about what they mean. */
export class SimNetwork implements Network, ClientNetwork {
  readonly #options: NetworkOptions
  readonly #hosts: Set<string> = new Set()
  readonly #listeners: Map<string, (connection: Connection) => void> = new Map()
  readonly #links: Map<string, Link> = new Map()
  readonly #open: Set<SimConnection> = new Set()
  #chunkBytesMax = 0
  #nextId = 1

  constructor(options: NetworkOptions) {
    this.#options = options
  }

  get tap(): NetworkTap | undefined {
    return this.#options.tap
  }

  get nowUs(): number {
    return this.#options.nowUs()
  }

  get latency(): LinkLatency {
    return this.#options.latency
  }

  get connections(): readonly SimConnection[] {
    return [...this.#open]
  }

  schedule(delayUs: number, owner: SimProcess | null, action: () => void): void {
    this.#options.schedule(delayUs, owner, action)
  }

  addHost(host: string): void {
    this.#hosts.add(host)
  }

  knows(host: string): boolean {
    return this.#hosts.has(host)
  }

  listen(host: string, port: number, accept: (connection: Connection) => void): Cancel {
    this.#hosts.add(host)
    const address = `${host}:${port}`
    this.#listeners.set(address, accept)
    return { cancel: () => void this.#listeners.delete(address) }
  }

  listener(host: string, port: number): ((connection: Connection) => void) | undefined {
    return this.#listeners.get(`${host}:${port}`)
  }

  connect(process: SimProcess, server: string, port: number, end: ClientEnd): SimConnection {
    const connection = new SimConnection(this, { id: this.#nextId++, process, server, port, end })
    return connection
  }

  opened(connection: SimConnection): void {
    this.#open.add(connection)
  }

  closed(connection: SimConnection): void {
    this.#open.delete(connection)
  }

  link(from: string, to: string): Link {
    const name = `${from}>${to}`
    const known = this.#links.get(name)
    if (known !== undefined) return known
    const made = new Link(this.#options.chance.stream(`net/${name}`))
    this.#links.set(name, made)
    return made
  }

  slow(from: string, to: string, extraUs: number): Cancel {
    const link = this.link(from, to)
    link.extraUs += extraUs
    return once(() => {
      link.extraUs -= extraUs
    })
  }

  cut(from: string, to: string): Cancel {
    const link = this.link(from, to)
    link.cuts += 1
    return once(() => {
      link.cuts -= 1
      if (link.cuts > 0) return
      const lanes = [...link.stalled]
      link.stalled.clear()
      for (const lane of lanes) lane.heal()
    })
  }

  refuse(from: string, to: string): Cancel {
    const link = this.link(from, to)
    link.refusals += 1
    return once(() => {
      link.refusals -= 1
    })
  }

  reset(a: string, b: string): void {
    for (const connection of [...this.#open]) {
      const { client, server } = connection
      if ((client === a && server === b) || (client === b && server === a)) connection.resetBoth()
    }
  }

  resetHost(host: string): void {
    for (const connection of [...this.#open]) {
      if (connection.client === host || connection.server === host) connection.resetBoth()
    }
  }

  chunk(bytesMax: number): void {
    this.#chunkBytesMax = bytesMax
  }

  /** The bytes as the network delivers them: whole, or cut at places that chance chooses. */
  chunks(bytes: Buffer): readonly Buffer[] {
    if (this.#chunkBytesMax === 0) return [bytes]
    const random = this.#options.chance.stream('net/chunks')
    const parts: Buffer[] = []
    for (let start = 0; start < bytes.length; ) {
      const end = Math.min(bytes.length, start + random.between(1, this.#chunkBytesMax))
      parts.push(bytes.subarray(start, end))
      start = end
    }
    return parts
  }
}

function once(action: () => void): Cancel {
  let done = false
  return {
    cancel() {
      if (done) return
      done = true
      action()
    },
  }
}
