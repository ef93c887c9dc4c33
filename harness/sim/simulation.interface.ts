import type { AsyncResource } from 'node:async_hooks'
import type { UsageError } from '../core/errors.ts'
import type { Chance } from '../core/seed.ts'
import type { ServerEnd } from '../core/service.ts'
import type { WallClock } from './wall-clock.ts'

/**
 * The simulated machine room: virtual time, one event queue, processes, a stupid network. No Kafka
 * here. `createSimulation(options): Simulation` stands in `simulation.ts`.
 */
export interface SimulationOptions {
  readonly chance: Chance
  /** Time zone of all processes, e.g. `Europe/Berlin`; default `UTC`. */
  readonly timeZone?: string | undefined
  /** Unix time in milliseconds that `Date.now()` shows when virtual time is 0. */
  readonly epochMs: number
  /** More events than this at one virtual instant end the run as a hot loop; default 10,000. */
  readonly hotLoopEvents?: number
  readonly latency: LinkLatency
  /** Told about what processes do by themselves; never throws. */
  readonly onProcess: (event: ProcessEvent) => void
  /**
   * Told about client-side bytes, for naming requests and answers; called inside the engine, never
   * throws.
   */
  readonly tap?: NetworkTap
  /** Delay of a supervised restart after an unasked end of a process. */
  readonly restartMs: number
  /** Console output of simulated processes; default: dropped. */
  readonly onConsole?: (process: SimProcess, stream: 'stdout' | 'stderr', text: string) => void
  /**
   * Suggests a replacement for an address that the simulation doesn't have, e.g. the address of its
   * brokers; null: none is known. A call that leaves the simulation ends the run: `run` rejects
   * with a UsageError, whatever the code does with the error.
   */
  readonly adviceFor?: (address: OutsideAddress) => string | null
}

/** A connection or a look-up that leads out of the simulation. */
export interface OutsideAddress {
  readonly host: string
  /** Port that was connected to; null: only the name was asked for. */
  readonly port: number | null
  /** Packages whose code is on the stack, innermost first. */
  readonly packages: readonly string[]
}

export interface SpawnOptions {
  /** Environment variables that this process sees on top of the real ones. */
  readonly env?: Readonly<Record<string, string>>
}

/** Every message draws its latency from [lowUs, highUs], from its direction's own stream. */
export interface LinkLatency {
  readonly lowUs: number
  readonly highUs: number
}

export type ProcessEvent =
  | { readonly kind: 'started'; readonly process: SimProcess }
  /** `reason`: `SIGKILL`, `uncaught exception: …`, `unhandled rejection: …`. */
  | { readonly kind: 'crashed'; readonly process: SimProcess; readonly reason: string }
  | { readonly kind: 'paused'; readonly process: SimProcess }
  | { readonly kind: 'resumed'; readonly process: SimProcess }
  | { readonly kind: 'terminating'; readonly process: SimProcess }
  | { readonly kind: 'exited'; readonly process: SimProcess; readonly code: number; readonly asked: boolean }
  | { readonly kind: 'shutdown-timeout'; readonly process: SimProcess; readonly graceMs: number }

export type StopReason =
  /** `until` said so. */
  | 'stopped'
  /** The event queue is empty. */
  | 'idle'
  | 'deadline'
  | 'hot-loop'

export interface Simulation {
  /** Virtual microseconds since the start. */
  readonly nowUs: number
  /** Events dispatched so far. */
  readonly events: number
  /** How many events at one virtual instant end a run as a hot loop. */
  readonly hotLoopEvents: number
  readonly network: Network
  /** Runs `action` after a virtual delay, outside every process. */
  after(delayUs: number, action: () => void): Cancel
  /**
   * Runs `action` later as an event of this process: it is deferred while the process is paused and
   * dropped when this incarnation ends; `action` runs inside the process's async context.
   */
  afterIn(process: SimProcess, delayUs: number, action: () => void): Cancel
  /**
   * A new supervised process on a host of its own name. `main` is called for each incarnation,
   * inside it.
   */
  spawn(name: string, main: (process: SimProcess) => unknown, options?: SpawnOptions): SimProcessHandle
  /**
   * Dispatches events in order until `until()` is true (asked after every event, microtasks
   * drained), virtual time would pass `deadlineUs`, or nothing is left. May be called again to go
   * on. Rejects with what harness code threw, and with the UsageError `unsupported-in-simulation`
   * of code that left the simulation, caught or not.
   */
  run(options: { readonly until: () => boolean; readonly deadlineUs: number }): Promise<StopReason>
  /**
   * Makes `run` reject with this error: what the code under test does from here on says nothing
   * about it.
   */
  stopFor(error: UsageError): void
  /** Ends every process and forgets every event. The simulation can't be used afterwards. */
  dispose(): void
}

export interface Cancel {
  cancel(): void
}

/** One incarnation. Code that runs inside it finds it with `currentProcess()` (ambient.ts). */
export interface SimProcess {
  readonly name: string
  readonly incarnation: number
  readonly alive: boolean
  readonly paused: boolean
  /** Aborted on SIGTERM. */
  readonly signal: AbortSignal
  /** Data of the harness for this incarnation. */
  readonly data: Map<unknown, unknown>
  /**
   * Something is under way that the process waits for, so that it is not taken for idle: after
   * SIGTERM a process with no timer, socket or other work left ends by itself, as Node does.
   */
  hold(): Cancel
}

/** The supervised process over its incarnations. */
export interface SimProcessHandle {
  readonly name: string
  /** The wall clock of its machine, which `Date` shows; timers go by virtual time. */
  readonly clock: Pick<WallClock, 'jump' | 'drift' | 'setRight'>
  /** The running incarnation, or null between two of them. */
  readonly current: SimProcess | null
  readonly incarnations: number
  /** Whether the process is about to be started, or was asked to end and has not ended. */
  readonly changing: boolean
  /** Whether the process was asked to end, and is still there. */
  readonly ending: boolean
  /**
   * SIGKILL: timers and pending events are gone, sockets close as the kernel closes them (bytes
   * already written still travel, then FIN or RST), nothing of the process runs again. Restarted
   * after `restartMs`, unless null.
   */
  crash(options: { readonly restartMs: number | null; readonly reason?: string }): void
  pause(durationMs: number): void
  resume(): void
  /**
   * SIGTERM: aborts `signal`, runs `process.on('SIGTERM')` listeners inside the process (with none,
   * and no code listening to `signal` or asking it, the process ends at once as in Node). It ends
   * by `process.exit`, or when nothing keeps it running. A process that has not ended after
   * `graceMs` is killed and reported. Restarted `restartMs` after its end, unless null.
   */
  terminate(options: { readonly graceMs: number; readonly restartMs: number | null }): void
  /** Starts it again if it is down, or is about to be, and nobody is going to. */
  ensureRunning(): void
}

export interface Host {
  readonly name: string
  /** IPv4, e.g. `10.0.0.1`, in the order in which hosts appeared. */
  readonly address: string
}

/** Connections between named hosts. It moves bytes and knows nothing about what they mean. */
export interface Network {
  /**
   * `accept` is called for each connection that is established at this address. `plain`: clients of
   * it get sockets that are no streams, which cost less.
   */
  listen(
    host: string,
    port: number,
    accept: (connection: Connection) => void,
    options?: { readonly plain: boolean },
  ): Cancel
  /**
   * Bytes of one direction take longer; adds up with other faults on the link. `Cancel` heals it.
   */
  slow(from: string, to: string, extraUs: number): Cancel
  /** Bytes wait until healed, as TCP retransmits; connecting hangs. One direction. */
  cut(from: string, to: string): Cancel
  /** New connections between the two are refused. */
  refuse(from: string, to: string): Cancel
  /** Resets every connection between the two. */
  reset(a: string, b: string): void
  /** Resets every connection of this host (its machine is gone, or its process is). */
  resetHost(host: string): void
  /**
   * Cuts every delivery into chunks of 1 to `bytesMax` bytes, sizes drawn from chance; 0 turns it
   * off.
   */
  chunk(bytesMax: number): void
  readonly connections: readonly Connection[]
}

/** The far end of a connection, for code that is no simulated process. */
export interface Connection extends ServerEnd {
  readonly id: number
  /** The client's process, if the client is one. */
  readonly process: SimProcess | null
  readonly server: string
  readonly port: number
  readonly clientPort: number
  /** From now on nothing travels in this direction, and nothing is reported. */
  blackHole(direction: 'to-server' | 'to-client'): void
}

export interface NetworkTap {
  /**
   * The client wrote these bytes. Returns how much later they leave, in microseconds (0 for none).
   */
  clientWrote(connection: Connection, bytes: Buffer): number
  /** The client received these bytes. */
  clientGot(connection: Connection, bytes: Buffer): void
  /** The client's end of the connection is gone. */
  clientClosed(connection: Connection): void
}

/** The client's end of a connection: what a socket hears. */
export interface ClientEnd {
  /** The async context in which it hears it. */
  readonly resource: AsyncResource
  connected(): void
  /** The connection could not be established. */
  failed(code: 'ECONNREFUSED' | 'ETIMEDOUT'): void
  data(bytes: Buffer): void
  ended(): void
  /**
   * The connection is gone: by RST, or because the far end has not acknowledged anything for too
   * long.
   */
  lost(code: 'ECONNRESET' | 'ETIMEDOUT'): void
}

/** The client's end of a connection: what a socket may do. */
export interface ClientConnection {
  readonly clientPort: number
  clientWrite(bytes: Buffer): void
  /** FIN after what was written. */
  clientEnd(): void
  /** The kernel closes the connection: what was written still travels. */
  clientClose(): void
  /** RST after what was written. */
  clientReset(): void
}

/** The network as a process reaches it. */
export interface ClientNetwork {
  /** By name or by address; null for a host that does not exist. */
  host(nameOrAddress: string): Host | null
  /** Whether clients of this address do without streams. */
  isPlain(host: string, port: number): boolean
  listen(host: string, port: number, accept: (connection: Connection) => void): Cancel
  isListening(host: string, port: number): boolean
  /** Whether it is the host of a process, which may listen at any time. */
  isProcess(host: string): boolean
  /** Whether anybody listens or has listened there. */
  served(host: string, port: number): boolean
  /** `broker-0:9092`: where anybody listens or has listened. */
  addresses(): readonly string[]
  connect(process: SimProcess, server: string, port: number, end: ClientEnd): ClientConnection
}
