import type { Socket } from 'node:net'
import type { ServiceCalls } from '../../run/service-calls.ts'
import type { ServiceLink } from '../../run/service-host.interface.ts'
import type { ReadyService } from '../../run/services.ts'

export interface ServiceSocketOptions {
  readonly id: number
  /** Name of the process that connected. */
  readonly client: string
  readonly incarnation: number
  readonly service: Pick<ReadyService, 'host' | 'port'>
  readonly calls: ServiceCalls
  later(delayMs: number, action: () => void): void
  failed(error: unknown): void
  /** Whether the incarnation that connected still lives. */
  isAlive(): boolean
  closed(): void
}

/** A service's end of a connection on a real socket. */
export class ServiceSocket implements ServiceLink {
  readonly id: number
  readonly client: string
  readonly process: { readonly incarnation: number }
  readonly server: string
  readonly port: number
  onData: (bytes: Buffer) => void = () => {}
  onEnd: () => void = () => {}
  onClose: () => void = () => {}
  readonly #socket: Socket
  readonly #options: ServiceSocketOptions
  readonly #arriving: ByteLane
  readonly #leaving: ByteLane

  constructor(socket: Socket, options: ServiceSocketOptions) {
    const { id, client, incarnation, service, calls, later, failed, closed } = options
    this.id = id
    this.client = client
    this.process = { incarnation }
    this.server = service.host
    this.port = service.port
    this.#socket = socket
    this.#options = options
    const attempt = (action: () => void): void => {
      try {
        action()
      } catch (error) {
        failed(error)
      }
    }
    this.#arriving = new ByteLane(later, attempt)
    this.#leaving = new ByteLane(later, attempt)
    socket.on('data', (bytes) => {
      const extraUs = calls.clientWrote(this, bytes)
      this.#arriving.add(extraUs, () => this.onData(bytes))
    })
    socket.on('end', () => this.#arriving.add(0, () => this.onEnd()))
    socket.on('close', () => {
      closed()
      attempt(() => calls.clientClosed(this))
      attempt(() => this.onClose())
    })
  }

  write(bytes: Buffer, extraUs = 0): void {
    this.#leaving.add(extraUs, () => {
      if (this.#socket.destroyed) return
      this.#socket.write(bytes)
      // What a dead process is sent reaches nobody.
      if (this.#options.isAlive()) this.#options.calls.clientGot(this, bytes)
    })
  }

  end(): void {
    this.#leaving.add(0, () => this.#socket.end())
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }
}

/** The bytes that go one way over a connection: what is delayed delays all behind it. */
class ByteLane {
  readonly #later: ServiceSocketOptions['later']
  readonly #attempt: (action: () => void) => void
  #waiting = 0
  #freeAtMs = 0

  constructor(later: ServiceSocketOptions['later'], attempt: (action: () => void) => void) {
    this.#later = later
    this.#attempt = attempt
  }

  add(extraUs: number, action: () => void): void {
    const nowMs = performance.now()
    if (extraUs <= 0 && this.#waiting === 0) return this.#attempt(action)
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs + extraUs / 1000)
    this.#waiting += 1
    this.#later(this.#freeAtMs - nowMs, () => {
      this.#waiting -= 1
      this.#attempt(action)
    })
  }
}
