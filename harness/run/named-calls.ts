import { printed } from '../core/event-names.ts'
import type { InARow } from '../core/faults/times.ts'
import type { HistoryEvent, Observation, RequestPhase } from '../core/history.ts'
import { type CallId, callName } from '../core/names.ts'
import type { ByProcess } from '../core/world-event.ts'
import type { CallAction } from '../faults/world.interface.ts'
import { Armed } from './armed.ts'
import type { Holds } from './port.ts'

/** One call on its way, from where the client sends it to the last of its answer. */
export interface NamedCall extends CallId {
  readonly incarnation: number
  received: boolean
  error: string | null
}

export interface NamedCallsOptions {
  observe(observation: Observation): void
  readonly holds: Holds
}

/**
 * The calls of services and of `context.store`: their names (`consumer-0 db COMMIT#2`), their
 * phases, and what the schedule has in mind for them.
 */
export class NamedCalls {
  readonly #options: NamedCallsOptions
  /** How many calls there were, by process, service and operation. */
  readonly #sent: Map<string, number> = new Map()
  readonly #armed: Armed<CallAction> = new Armed()

  constructor(options: NamedCallsOptions) {
    this.#options = options
  }

  arm(call: string, action: CallAction, times?: InARow): void {
    this.#armed.arm(call, action, times)
  }

  observe(event: HistoryEvent): void {
    this.#armed.observe(event)
  }

  /**
   * Actions that have not happened yet will not.
   * @returns whether calls were refused until now
   */
  heal(): boolean {
    return this.#armed.heal()
  }

  /** The next call of this process for this operation. */
  next({ process, incarnation }: ByProcess, service: string, operation: string): NamedCall {
    const key = `${process} ${service} ${operation}`
    const ordinal = (this.#sent.get(key) ?? 0) + 1
    this.#sent.set(key, ordinal)
    return { process, incarnation, service, operation, ordinal, received: false, error: null }
  }

  /** The call leaves its process; returns how much later it arrives, in µs. */
  send(call: NamedCall): number {
    this.tell(call, 'sent')
    return this.#holdUs(call, 'sent')
  }

  /** The call has arrived; returns what is to become of it. */
  receive(call: NamedCall): CallAction | null {
    call.received = true
    this.tell(call, 'received')
    return this.#armed.isEmpty ? null : (this.#armed.take(callName(call)) ?? null)
  }

  /** The call was done or refused; returns how much later its answer leaves, in µs. */
  apply(call: NamedCall, error: string | null): number {
    call.error = error
    this.tell(call, 'applied')
    return this.#holdUs(call, 'applied')
  }

  tell({ received: _, ...call }: NamedCall, phase: RequestPhase): void {
    this.#options.observe({ kind: 'call', phase, ...call })
  }

  #holdUs(call: CallId, phase: 'sent' | 'applied'): number {
    const { holds } = this.#options
    return holds.any ? holds.take(printed({ of: 'call', call, phase })) : 0
  }
}
