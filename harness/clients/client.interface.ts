import type { ClientTimings } from '../core/client-timings.ts'
import type { FaultKind } from '../core/fault.ts'
import type { Observation, RecordPosition } from '../core/history.ts'
import type { SimProcess } from '../sim/simulation.interface.ts'

/**
 * One adapter for each client library. It makes handler starts and ends, assignments, crashes and stops of an
 * unmodified client observable, and tells the simulation which of the client's timers only poll. It never changes
 * what the client does. Its effect is limited to code that runs inside a simulated process.
 */
export interface ClientAdapter {
  /** Package name, e.g. `kafkajs`. */
  readonly name: string
  /** Faults that cannot be done to an app on this client, and why: schedules do without them. */
  readonly cannot: Partial<Readonly<Record<FaultKind, string>>>
  /** Its defaults: schedules use values around them. */
  readonly timings: ClientTimings
  /**
   * Prepares the copy of the library that code at `fromFile` resolves; once for each copy. Returns its version, or
   * null where there is none.
   */
  install(fromFile: string): Promise<string | null>
}

/** What the adapter reports to; one for each incarnation, found through `clientPort()`. */
export interface ClientPort {
  readonly process: SimProcess
  /** The app has made something of this client, named as its adapter is. */
  uses(client: string): void
  observe(observation: Observation): void
  /** Records the start, and says what the schedule has in mind for this invocation. */
  handlerStart(group: string, records: readonly RecordPosition[], batch: boolean): HandlerPlan
  /** Records the end. */
  handlerEnd(group: string, records: readonly RecordPosition[], batch: boolean): void
  handlerFailure(group: string, records: readonly RecordPosition[], batch: boolean, error: unknown): void
  /** eachBatch with manual resolution: the app says that this record is done. */
  resolved(group: string, record: RecordPosition): void
  sleep(durationUs: number): Promise<void>
}

export interface HandlerPlan {
  /** The handler fails with this error before the user's code runs. */
  readonly error: Error | null
  readonly delayBeforeUs: number
  readonly delayAfterUs: number
}

const PORT = Symbol('client port')

export function attachClientPort(port: ClientPort): void {
  port.process.data.set(PORT, port)
}

/** The port of this process, or undefined outside a simulated process. */
export function clientPort(process: SimProcess | undefined): ClientPort | undefined {
  return process?.data.get(PORT) as ClientPort | undefined
}
