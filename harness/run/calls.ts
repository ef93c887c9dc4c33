import { printed } from '../core/event-names.ts'
import type { Observation, RequestPhase } from '../core/history.ts'
import { type CallId, callName } from '../core/names.ts'
import type { CallReader } from '../core/service.ts'
import type { CallAction } from '../faults/world.interface.ts'
import type { Connection, NetworkTap } from '../sim/simulation.interface.ts'
import type { Holds } from './port.ts'

/** One call on its way, from the client's write to the last byte of the answer. */
export interface ServiceCall extends CallId {
  readonly incarnation: number
  received: boolean
  error: string | null
}

/** One connection to a service that names its calls. */
interface Line {
  readonly connection: Connection
  readonly service: string
  readonly reader: CallReader
  readonly underway: ServiceCall[]
}

export interface ServiceCallsOptions {
  observe(observation: Observation): void
  readonly holds: Holds
}

/**
 * Names the calls of services (`consumer-0 db COMMIT#2`), records their phases, and keeps what the
 * schedule has in mind for them. It sits on the client's side of the network; services ask it what
 * has arrived.
 */
export class ServiceCalls implements NetworkTap {
  readonly #options: ServiceCallsOptions
  readonly #lines: Map<number, Line> = new Map()
  /** How many calls there were, by process, service and operation. */
  readonly #sent: Map<string, number> = new Map()
  readonly #armed: Map<string, CallAction> = new Map()

  constructor(options: ServiceCallsOptions) {
    this.#options = options
  }

  arm(call: string, action: CallAction): void {
    this.#armed.set(call, action)
  }

  /** Actions that have not happened yet will not. */
  heal(): void {
    this.#armed.clear()
  }

  /** From here on the calls of this connection are named. */
  follow(connection: Connection, service: string, reader: CallReader): void {
    this.#lines.set(connection.id, { connection, service, reader, underway: [] })
  }

  /**
   * The next call of this connection has arrived, and what is to become of it; null where the
   * reader saw none.
   */
  received(
    connection: Connection,
  ): { readonly call: ServiceCall; readonly action: CallAction | null } | null {
    const call = this.#lines.get(connection.id)?.underway.find(({ received }) => !received)
    if (call === undefined) return null
    call.received = true
    this.#phase(call, 'received')
    if (this.#armed.size === 0) return { call, action: null }
    const name = callName(call)
    const action = this.#armed.get(name) ?? null
    this.#armed.delete(name)
    return { call, action }
  }

  /** Tells that the call was done or refused; returns how much later its answer leaves, in µs. */
  applied(call: ServiceCall, error: string | null): number {
    call.error = error
    this.#phase(call, 'applied')
    return this.#holdUs(call, 'applied')
  }

  // --- the client's side of the network

  clientWrote(connection: Connection, bytes: Buffer): number {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return 0
    let extraUs = 0
    for (const operation of line.reader.wrote(bytes)) extraUs += this.#send(line, operation)
    return extraUs
  }

  #send({ connection, service, underway }: Line, operation: string): number {
    const { client: process, process: incarnated } = connection
    const key = `${process} ${service} ${operation}`
    const ordinal = (this.#sent.get(key) ?? 0) + 1
    this.#sent.set(key, ordinal)
    const incarnation = incarnated?.incarnation ?? 0
    const call = { process, incarnation, service, operation, ordinal, received: false, error: null }
    underway.push(call)
    this.#phase(call, 'sent')
    return this.#holdUs(call, 'sent')
  }

  clientGot(connection: Connection, bytes: Buffer): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    for (let left = line.reader.got(bytes); left > 0; left -= 1) {
      const answered = line.underway.shift()
      if (answered !== undefined) this.#phase(answered, 'acknowledged')
    }
  }

  clientClosed(connection: Connection): void {
    const line = this.#lines.get(connection.id)
    if (line === undefined) return
    // They stay in line: what had arrived is still done, and has its name.
    for (const call of line.underway) this.#phase(call, 'lost')
  }

  #holdUs(call: ServiceCall, phase: 'sent' | 'applied'): number {
    const { holds } = this.#options
    return holds.any ? holds.take(printed({ of: 'call', call, phase })) : 0
  }

  #phase({ received: _, ...call }: ServiceCall, phase: RequestPhase): void {
    this.#options.observe({ kind: 'call', phase, ...call })
  }
}
