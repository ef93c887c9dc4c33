import { Lane, type Link, type Message } from './link.ts'
import type { Proc, ProcessHost } from './process.ts'
import type {
  ClientConnection,
  ClientEnd,
  Connection,
  LinkLatency,
  NetworkTap,
} from './simulation.interface.ts'

/** The services that a connection uses of its network. */
export interface Wires {
  readonly engine: ProcessHost
  readonly latency: LinkLatency
  readonly tap: NetworkTap | undefined
  link(from: string, to: string): Link
  chunks(bytes: Buffer): readonly Buffer[]
  listener(host: string, port: number): ((connection: Connection) => void) | undefined
  opened(connection: SimConnection): void
  closed(connection: SimConnection): void
}

export interface ConnectionOptions {
  readonly id: number
  readonly process: Proc
  readonly server: string
  readonly port: number
  readonly end: ClientEnd
}

const PORT_FIRST = 32_768
const PORTS = 28_000

/** A connection as the network and the server see it. */
export class SimConnection implements Connection, ClientConnection {
  readonly id: number
  readonly client: string
  readonly process: Proc
  readonly server: string
  readonly port: number
  readonly clientPort: number
  onData: (bytes: Buffer) => void = () => {}
  onEnd: () => void = () => {}
  onClose: () => void = () => {}
  readonly #wires: Wires
  readonly #end: ClientEnd
  readonly #toServer: Lane
  readonly #toClient: Lane
  #established = false
  #serverOpen = false
  #clientOpen = true
  #serverEnded = false
  #clientEnded = false
  #writing = false
  #closeAfterWrite = false

  constructor(wires: Wires, { id, process, server, port, end }: ConnectionOptions) {
    const { engine: host, latency } = wires
    this.#wires = wires
    this.id = id
    this.client = process.name
    this.process = process
    this.server = server
    this.port = port
    this.clientPort = PORT_FIRST + (id % PORTS)
    this.#end = end
    this.#toServer = new Lane({
      host,
      latency,
      link: wires.link(process.name, server),
      owner: null,
      resource: null,
      deliver: (message) => this.#atServer(message),
      giveUp: () => this.#clientGivesUp(),
    })
    this.#toClient = new Lane({
      host,
      latency,
      link: wires.link(server, process.name),
      owner: process,
      resource: end.resource,
      deliver: (message) => this.#atClient(message),
      giveUp: () => this.#closeServer(),
    })
    this.#toServer.send({ kind: 'syn' })
  }

  // --- the server's side

  write(bytes: Buffer, extraUs = 0): void {
    if (!this.#serverOpen || this.#serverEnded) return
    for (const chunk of this.#wires.chunks(bytes))
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
    // A listener of the write may end the process: what was written travels nevertheless, before
    // the end.
    this.#writing = true
    const extraUs = this.#wires.tap?.clientWrote(this, bytes) ?? 0
    for (const chunk of this.#wires.chunks(bytes))
      this.#toServer.send({ kind: 'data', bytes: chunk }, extraUs)
    this.#writing = false
    if (this.#closeAfterWrite) this.clientClose()
  }

  clientEnd(): void {
    if (!this.#clientOpen || this.#clientEnded) return
    this.#clientEnded = true
    this.#toServer.send({ kind: 'fin' })
  }

  clientClose(): void {
    if (!this.#clientOpen) return
    if (this.#writing) {
      this.#closeAfterWrite = true
      return
    }
    this.clientEnd()
    this.#closeClient()
  }

  clientReset(): void {
    if (!this.#clientOpen) return
    this.#toServer.send({ kind: 'reset' })
    this.#closeClient()
  }

  /** Both ends are told that the connection is gone, as after an RST from the middle. */
  resetBoth(): void {
    this.#toServer.close()
    this.#toClient.send({ kind: 'reset' })
    this.#closeServer()
  }

  /** The server never answers: SYN or data were repeated in vain. */
  #clientGivesUp(): void {
    if (!this.#clientOpen) return
    const established = this.#established
    this.#toServer.close()
    this.#closeClient()
    const tell = (): void => (established ? this.#end.lost('ETIMEDOUT') : this.#end.failed('ETIMEDOUT'))
    this.#wires.engine.schedule(0, this.process, tell, { resource: this.#end.resource })
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
    const { client, server, port } = this
    const accept = this.#wires.listener(server, port)
    const refused = this.#wires.link(client, server).refusals + this.#wires.link(server, client).refusals > 0
    if (accept === undefined || refused) {
      this.#toClient.send({ kind: 'refused' })
      return
    }
    this.#serverOpen = true
    this.#wires.opened(this)
    this.#toClient.send({ kind: 'accepted' })
    accept(this)
  }

  #atClient(message: Message): void {
    if (!this.#clientOpen) return
    switch (message.kind) {
      case 'accepted':
        this.#established = true
        return this.#end.connected()
      case 'refused':
        this.#closeClient()
        return this.#end.failed('ECONNREFUSED')
      case 'data':
        this.#wires.tap?.clientGot(this, message.bytes)
        return this.#end.data(message.bytes)
      case 'fin':
        return this.#end.ended()
      case 'reset':
        this.#closeClient()
        return this.#end.lost('ECONNRESET')
      default:
    }
  }

  #closeClient(): void {
    this.#clientOpen = false
    this.#toClient.close()
    this.#wires.tap?.clientClosed(this)
  }

  #closeServer(): void {
    if (!this.#serverOpen) return
    this.#serverOpen = false
    this.#wires.closed(this)
    this.onClose()
  }
}
