import type { ClientTimings } from '../core/client-timings.ts'
import type { ClientHook } from '../core/faults/client-hooks.ts'
import type { Observation, RecordPosition, TopicPartition } from '../core/history.ts'
import { currentProcess } from '../sim/ambient/current.ts'
import type { SimProcess } from '../sim/simulation.interface.ts'

/**
 * One adapter for each client library. It makes handler starts and ends, assignments, crashes and
 * stops of an unmodified client observable, and tells the simulation which of the client's timers
 * only poll. It never changes what the client does.
 */
export interface ClientAdapter {
  /** Package name, e.g. `kafkajs`. */
  readonly name: string
  /** Ways into an app's work that this client lacks, and why: schedules do without their faults. */
  readonly cannot: Partial<Readonly<Record<ClientHook, string>>>
  /** The client's default timings: schedules use values around them. */
  readonly timings: ClientTimings
  /**
   * Makes the copy of the library that code at `fromFile` resolves observable, once for each copy.
   * Returns its version, or null where there is none. What is made while `portOf` finds no port is
   * left as it is.
   */
  observe(fromFile: string, portOf: PortFinder): string | null
  /**
   * Prepares a copy that is observed already for simulated processes; outside of them nothing
   * changes.
   */
  simulate(fromFile: string): void
}

/** The port of the process in which the caller runs, or undefined outside all of them. */
export type PortFinder = () => ClientPort | undefined

/** Receives an adapter's reports; one for each incarnation. */
export interface ClientPort {
  readonly process: Pick<SimProcess, 'name' | 'incarnation' | 'alive'>
  /** There are several clusters: an adapter asks for the port of each client's own. */
  readonly severalClusters: boolean
  /**
   * The port for what a client reports that is connected to one of several clusters; this one where
   * there are not several.
   * @param brokers addresses by which the client knows its cluster; asked when it reports
   */
  ofCluster(brokers: () => readonly string[]): ClientPort
  /** Records by the names that the history has for them. */
  named(records: readonly RecordPosition[]): readonly RecordPosition[]
  /** The app has made something of this client, named as its adapter is. */
  uses(client: string): void
  observe(observation: Observation): void
  /** The client learnt its assignment. It does not say of which generation: the port knows. */
  believes(group: string, memberId: string, partitions: readonly TopicPartition[]): void
  /** Records the start, and says what the schedule has in mind for this invocation. */
  handlerStart(group: string, records: readonly RecordPosition[], batch: boolean): HandlerPlan
  /** Records the end. Of a batch, `undone` were left for a later one. */
  handlerEnd(
    group: string,
    records: readonly RecordPosition[],
    batch: boolean,
    undone?: readonly RecordPosition[],
  ): void
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

/** Makes `simulatedPort` find this port in this process. */
export function attachClientPort(process: SimProcess, port: ClientPort): void {
  process.data.set(PORT, port)
}

/** Finds the port of the simulated process in which the caller runs. */
export const simulatedPort: PortFinder = () => currentProcess()?.data.get(PORT) as ClientPort | undefined
