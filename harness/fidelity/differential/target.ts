import net from 'node:net'
import { type Call, Connection, createWorld, type World } from '../../kafka/testing/harness.ts'
import { type ApiName, type Body, decodeResponse, encodeRequest } from '../../kafka/wire/index.ts'

/** A request on its way. */
export interface Asked {
  /** Null while there is no answer. */
  readonly body: Body | null
}

/** One client connection to the cluster's only broker. */
export interface Line {
  call(api: ApiName, version: number, body: Body): Asked
  /** Bytes as they are. @returns what has come back so far */
  bytes(data: Buffer): { readonly received: Buffer }
  readonly closed: boolean
  close(): void
}

/** What a script is played on. */
export interface Target {
  /** Unix time in milliseconds, as the cluster has it. */
  nowMs(): number
  connect(clientId?: string): Line
  /** Lets this much time pass, or less where `until` holds before. */
  wait(ms: number, until?: () => boolean): Promise<void>
  /** The broker stops and starts again. */
  restart(): Promise<void>
}

const STEP_MS = 5

/** A connection to this broker of a simulated cluster. */
export function simulatedLine({ cluster }: World, broker: number, clientId: string): Line {
  const connection = new Connection(cluster, broker, 'client', clientId)
  return {
    call: (api, version, body): Call => connection.call(api, version, body),
    bytes: (data) => connection.raw(data),
    get closed() {
      return connection.ended !== null
    },
    close: () => connection.close(),
  }
}

/** Lets this much virtual time pass, or less where `until` holds before. */
export function passVirtually({ clock }: World, ms: number, until: () => boolean): void {
  for (let waited = 0; waited < ms && !until(); waited += STEP_MS) clock.advance(STEP_MS)
}

/** The same in real time. */
export async function passReally(ms: number, until: () => boolean): Promise<void> {
  const endMs = performance.now() + ms
  while (performance.now() < endMs && !until()) await new Promise((resolve) => setTimeout(resolve, STEP_MS))
}

/** The simulated cluster in virtual time. */
export class SimulatedTarget implements Target {
  readonly #world: World

  constructor(settings: Readonly<Record<string, string | number | boolean>>) {
    this.#world = createWorld({ brokers: 1, settings })
  }

  nowMs(): number {
    return this.#world.clock.nowMs()
  }

  connect(clientId = 'client'): Line {
    return simulatedLine(this.#world, 0, clientId)
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    passVirtually(this.#world, ms, until)
  }

  async restart(): Promise<void> {
    this.#world.cluster.admin.stopBroker(0)
    this.#world.clock.advance(500)
    this.#world.cluster.admin.startBroker(0)
    this.#world.clock.advance(3_000)
  }
}

/** A broker at an address, in real time. `restarted` resolves when it has been down and serves again. */
export class RealTarget implements Target {
  readonly #host: string
  readonly #port: number
  readonly #restarted: () => Promise<void>

  constructor(address: string, restarted: () => Promise<void>) {
    const [host = '127.0.0.1', port = '9092'] = address.split(':')
    this.#host = host
    this.#port = Number(port)
    this.#restarted = restarted
  }

  nowMs(): number {
    return Date.now()
  }

  connect(clientId = 'client'): Line {
    return new SocketLine(net.connect(this.#port, this.#host), clientId)
  }

  async wait(ms: number, until: () => boolean = () => false): Promise<void> {
    await passReally(ms, until)
  }

  restart(): Promise<void> {
    return this.#restarted()
  }
}

export class SocketLine implements Line {
  closed = false
  readonly #socket: net.Socket
  readonly #clientId: string
  readonly #asked: Map<number, { api: ApiName; version: number; body: Body | null }> = new Map()
  #received: Buffer = Buffer.alloc(0)
  #nextId = 1

  constructor(socket: net.Socket, clientId: string) {
    this.#socket = socket
    this.#clientId = clientId
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.#receive(bytes))
    socket.on('error', () => this.#close())
    socket.on('close', () => this.#close())
  }

  #close(): void {
    this.closed = true
  }

  call(api: ApiName, version: number, body: Body): Asked {
    const correlationId = this.#nextId++
    const asked = { api, version, body: null }
    this.#asked.set(correlationId, asked)
    this.#socket.write(encodeRequest({ api, version, correlationId, clientId: this.#clientId, body }))
    return asked
  }

  bytes(data: Buffer): { readonly received: Buffer } {
    const seen = { received: Buffer.alloc(0) }
    this.#socket.on('data', (more) => {
      seen.received = Buffer.concat([seen.received, more])
    })
    this.#socket.write(data)
    return seen
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    while (this.#received.length >= 4 && this.#received.length >= 4 + this.#received.readInt32BE(0)) {
      const end = 4 + this.#received.readInt32BE(0)
      const frame = this.#received.subarray(4, end)
      this.#received = this.#received.subarray(end)
      const asked = this.#asked.get(frame.readInt32BE(0))
      if (asked !== undefined) asked.body = decodeResponse(asked.api, asked.version, frame).body
    }
  }
}
