import type { CallReader } from '../core/service.ts'
import type { CallAction } from '../faults/world.interface.ts'
import type { NetworkTap } from '../sim/simulation.interface.ts'
import type { NamedCall, NamedCalls } from './named-calls.ts'
import type { ServiceLink } from './service-host.interface.ts'

/** One connection to a service that names its calls. */
interface ServiceLine {
  readonly connection: ServiceLink
  readonly service: string
  readonly reader: CallReader
  readonly underway: NamedCall[]
}

/**
 * Reads the calls of services from the client's side of the network; services ask it what has
 * arrived.
 */
export class ServiceCalls implements NetworkTap {
  readonly #calls: NamedCalls
  readonly #lines: Map<number, ServiceLine> = new Map()

  constructor(calls: NamedCalls) {
    this.#calls = calls
  }

  /** From here on the calls of this connection are named. */
  follow(connection: ServiceLink, service: string, reader: CallReader): void {
    this.#lines.set(connection.id, { connection, service, reader, underway: [] })
  }

  /**
   * The next call of this connection has arrived, and what is to become of it; null where the
   * reader saw none.
   */
  received(connection: ServiceLink): { readonly call: NamedCall; readonly action: CallAction | null } | null {
    const call = this.#lines.get(connection.id)?.underway.find(({ received }) => !received)
    return call === undefined ? null : { call, action: this.#calls.receive(call) }
  }

  /** Tells that the call was done or refused; returns how much later its answer leaves, in µs. */
  applied(call: NamedCall, error: string | null): number {
    return this.#calls.apply(call, error)
  }

  // --- the client's side of the network

  clientWrote(connection: ServiceLink, bytes: Buffer): number {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return 0
    let extraUs = 0
    for (const operation of line.reader.wrote(bytes)) extraUs += this.#send(line, operation)
    return extraUs
  }

  #send({ connection, service, underway }: ServiceLine, operation: string): number {
    const { client: process, process: incarnated } = connection
    const call = this.#calls.next({ process, incarnation: incarnated?.incarnation ?? 0 }, service, operation)
    underway.push(call)
    return this.#calls.send(call)
  }

  clientGot(connection: ServiceLink, bytes: Buffer): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    for (let left = line.reader.got(bytes); left > 0; left -= 1) {
      const answered = line.underway.shift()
      if (answered !== undefined) this.#calls.tell(answered, 'acknowledged')
    }
  }

  clientClosed(connection: ServiceLink): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    // They stay in line: what had arrived is still done, and has its name.
    for (const call of line.underway) this.#calls.tell(call, 'lost')
  }
}
