import { linkName } from '../core/names.ts'
import { SimConnection, type Wires } from './connection.ts'
import { Link } from './link.ts'
import type { Proc, ProcessHost } from './process.ts'
import type {
  Cancel,
  ClientEnd,
  ClientNetwork,
  Connection,
  Host,
  LinkLatency,
  Network,
  NetworkTap,
  SimProcess,
} from './simulation.interface.ts'

type Accept = (connection: Connection) => void

/** Hosts, links and connections. It moves bytes and knows nothing about what they mean. */
export class SimNetwork implements Network, ClientNetwork, Wires {
  readonly engine: ProcessHost
  readonly latency: LinkLatency
  readonly tap: NetworkTap | undefined
  /** By name and by address. */
  readonly #hosts: Map<string, Host> = new Map()
  readonly #processes: Set<string> = new Set()
  #hostCount = 0
  readonly #listeners: Map<string, Accept> = new Map()
  readonly #served: Set<string> = new Set()
  readonly #plain: Set<string> = new Set()
  readonly #links: Map<string, Link> = new Map()
  readonly #open: Set<SimConnection> = new Set()
  #chunkBytesMax = 0
  #nextId = 1

  constructor(engine: ProcessHost, latency: LinkLatency, tap: NetworkTap | undefined) {
    this.engine = engine
    this.latency = latency
    this.tap = tap
  }

  get connections(): readonly SimConnection[] {
    return [...this.#open]
  }

  addProcess(name: string): void {
    this.addHost(name)
    this.#processes.add(name)
  }

  isProcess(host: string): boolean {
    return this.#processes.has(host)
  }

  addHost(name: string): void {
    if (this.#hosts.has(name)) return
    this.#hostCount += 1
    const address = `10.0.${this.#hostCount >> 8}.${this.#hostCount & 0xff}`
    const host = { name, address }
    this.#hosts.set(name, host)
    this.#hosts.set(address, host)
  }

  host(nameOrAddress: string): Host | null {
    return this.#hosts.get(nameOrAddress) ?? null
  }

  listen(host: string, port: number, accept: Accept, { plain } = { plain: false }): Cancel {
    this.addHost(host)
    const address = `${host}:${port}`
    if (plain) this.#plain.add(address)
    this.#listeners.set(address, accept)
    this.#served.add(address)
    return {
      cancel: () => {
        if (this.#listeners.get(address) === accept) this.#listeners.delete(address)
      },
    }
  }

  isPlain(host: string, port: number): boolean {
    return this.#plain.has(`${host}:${port}`)
  }

  isListening(host: string, port: number): boolean {
    return this.#listeners.has(`${host}:${port}`)
  }

  served(host: string, port: number): boolean {
    return this.#served.has(`${host}:${port}`)
  }

  addresses(): readonly string[] {
    return [...this.#served]
  }

  listener(host: string, port: number): Accept | undefined {
    return this.#listeners.get(`${host}:${port}`)
  }

  connect(process: SimProcess, server: string, port: number, end: ClientEnd): SimConnection {
    return new SimConnection(this, { id: this.#nextId++, process: process as Proc, server, port, end })
  }

  opened(connection: SimConnection): void {
    this.#open.add(connection)
  }

  closed(connection: SimConnection): void {
    this.#open.delete(connection)
  }

  link(from: string, to: string): Link {
    const name = linkName({ from, to, oneWay: true })
    const known = this.#links.get(name)
    if (known !== undefined) return known
    const made = new Link(this.engine.chance.stream(`net/${name}`))
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
    link.cut()
    return once(() => link.heal())
  }

  refuse(from: string, to: string): Cancel {
    const link = this.link(from, to)
    link.refusals += 1
    return once(() => {
      link.refusals -= 1
    })
  }

  reset(a: string, b: string): void {
    for (const connection of this.connections) {
      const { client, server } = connection
      if ((client === a && server === b) || (client === b && server === a)) connection.resetBoth()
    }
  }

  resetHost(host: string): void {
    for (const connection of this.connections)
      if (connection.client === host || connection.server === host) connection.resetBoth()
  }

  chunk(bytesMax: number): void {
    this.#chunkBytesMax = bytesMax
  }

  /** The bytes as the network delivers them: whole, or cut at places that chance chooses. */
  chunks(bytes: Buffer): readonly Buffer[] {
    if (this.#chunkBytesMax === 0) return [bytes]
    const random = this.engine.chance.stream('net/chunks')
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
