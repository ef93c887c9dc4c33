import type { FaultKind, FaultOfKind } from '../core/fault.ts'
import type { InARow, Times } from '../core/faults/times.ts'
import type { ServiceErrorCode } from '../core/service.ts'
import type { ClusterAdmin, RequestAction } from '../kafka/index.ts'
import type { Network, SimProcessHandle } from '../sim/simulation.interface.ts'
import type { FaultStart, Heal } from './outcome.ts'

/** The parts of the world that a fault may act on. `harness/run` builds it for each run. */
export interface FaultWorld {
  readonly network: Network
  readonly cluster: ClusterAdmin
  /** The process of this name, or null if there is none. */
  process(name: string): SimProcessHandle | null
  /** Starts one more process of the app under this name; null if it exists already. */
  startProcess(name: string): SimProcessHandle | null
  /** Virtual milliseconds that a process has to end after SIGTERM. */
  readonly graceMs: number
  /**
   * Arms an action for the moment at which a broker takes up this request, and for those of its
   * sort that follow.
   */
  armRequest(request: string, action: RequestAction, times?: InARow): void
  /** Arms a plan for the handler of this record, and for the effects that it asks for. */
  armRecord(record: string, plan: RecordPlan): void
  /** Appends a record that was kept back for this topic, if one is left: see `WorkloadHook`. */
  appendKept(topic: string, partition: number): void
  /** Whether this topic is not there yet, and waits for `makeTopic`: see `WorkloadHook`. */
  isWithheld(topic: string): boolean
  /** Makes the topic that was withheld, and appends its records. */
  makeTopic(topic: string): void
  /**
   * Arms an action for the moment at which a service takes up this call, and for those of its sort
   * that follow.
   */
  armCall(call: string, action: CallAction, times?: InARow): void
  /**
   * Resets the connections of this service and refuses new ones; what is returned starts it again.
   * Null: there is none of this name, or it is down.
   */
  stopService(name: string): Heal | null
  /** The id of the broker of this name, or null. */
  broker(name: string): number | null
}

/** The schedule's plan for one call of a service. */
export type CallAction =
  | { readonly kind: 'error'; readonly code: ServiceErrorCode }
  /** The connection is reset, and the call is not done. */
  | { readonly kind: 'break-before' }
  /** The call is done, and the connection is reset before the answer leaves. */
  | { readonly kind: 'break-after' }
  /** The call is done, and answered later. */
  | { readonly kind: 'slow'; readonly delayUs: number }

/**
 * `times` counts invocations; `until-given-up` ends when a client gives up or its process ends;
 * `always` when the run does: a poison record does not heal.
 */
export interface RecordPlan {
  readonly what: 'fail-handler' | 'fail-effect' | 'lose-effect-answer' | 'slow'
  readonly times: Times
  readonly delayUs: number
}

/** Lets a fault change the workload before the run begins. */
export interface WorkloadHook {
  /** The record of this name gets what `change` makes of its value when it is appended. */
  changeValue(record: string, change: (value: Buffer) => Buffer): void
  /** How many partitions the topic has in the workload. */
  partitions(topic: string): number
  /** The last records of the topic wait for `FaultWorld.appendKept`, or for the drain. */
  keepBack(topic: string, count: number): void
  /**
   * The topic and its records wait for `FaultWorld.makeTopic`. One in which a group has offsets
   * from the start is there from the start.
   */
  withhold(topic: string): void
}

/** How one kind of fault acts on the simulated world. */
export interface FaultBehaviour<Kind extends FaultKind> {
  readonly kind: Kind
  /**
   * `at-once`: inside the event it was placed at, before anything else of that instant; `next`: as
   * the next event of the same virtual time, because it reaches into parts that may be in the
   * middle of that event.
   */
  readonly timing: 'at-once' | 'next'
  /** Before the run, whenever the fault itself is placed. */
  prepare?(fault: FaultOfKind<Kind>, workload: WorkloadHook): void
  begin(fault: FaultOfKind<Kind>, world: FaultWorld): FaultStart
}
