import type { FaultKind, FaultOfKind } from '../../core/fault.ts'
import type { InARow } from '../../core/faults/times.ts'
import type { Observation, TopicPartition } from '../../core/history.ts'
import type { FaultStart, Heal } from '../../faults/outcome.ts'
import type { CallAction, RecordPlan } from '../../faults/world.interface.ts'
import type { RequestAction } from '../../kafka/index.ts'
import type { Busy } from '../busy.ts'
import type { RealCluster, TopicDescription } from '../cluster/cluster.ts'
import type { RealProcess } from '../processes/process.ts'
import type { Need, RealKafka } from '../providers/provider.interface.ts'
import type { Links } from '../toxiproxy/links.ts'

/** The parts of a real world that a fault may act on. */
export interface RealFaultWorld {
  /** Work added here is done before anything else goes on. */
  readonly busy: Busy
  readonly links: Links
  readonly cluster: RealCluster
  readonly kafka: RealKafka
  /** Milliseconds that a process has to end after SIGTERM. */
  readonly graceMs: number
  /** The process of this name, or null if there is none. */
  process(name: string): RealProcess | null
  /** Processes that are members of the group, and the partitions that they own. */
  consumersOf(group: string): {
    readonly processes: readonly string[]
    readonly partitions: readonly TopicPartition[]
  }
  /** Starts one more process of the app under this name; false if it exists already. */
  startProcess(name: string): boolean
  /** Arms an action for this request at the gate, and for those of its sort that follow. */
  armRequest(request: string, action: RequestAction, times?: InARow): void
  /** Arms a plan for the handler of this record, and for the effects that it asks for. */
  armRecord(record: string, plan: RecordPlan): void
  /**
   * Arms an action for this call of a service, or of `context.store`, and for those of its sort
   * that follow.
   */
  armCall(call: string, action: CallAction, times?: InARow): void
  /**
   * This service, or the store, refuses all until what is returned is called; null: there is none
   * of this name, or it is down.
   */
  stopService(name: string): Heal | null
  /**
   * A client quota of one request each `throttleMs` for this process at this broker, or none
   * (null).
   */
  throttle(client: { readonly process: string; readonly broker: number }, throttleMs: number | null): void
  /** Lets a byte pass between these two. */
  nudge(process: string, broker: string): void
  /** Appends one record that was kept back for a fault of this topic, if one is left. */
  appendKept(topic: string, partition: number): Promise<void>
  /** Whether this topic is not there yet, and waits for `makeTopic`. */
  isWithheld(topic: string): boolean
  /** Makes the topic that was withheld, and appends its records. */
  makeTopic(topic: string): Promise<void>
  /** The group and all that it had committed are gone. */
  groupDeleted(group: string): void
  /** The topic and all its records are gone. */
  topicDeleted(topic: string): void
  /** The topic stands there again, under another id. */
  topicRecreated(topic: TopicDescription): void
  observe(observation: Observation): void
}

/** How exactly reality does what the simulation does. */
export type Grade =
  /** The same, at the same place. */
  | 'exact'
  /** Equal in everything that counterexamples are about; `means` says where it differs. */
  | 'approximate'
  /** Not at all: such a counterexample can't be replayed. */
  | 'not applicable'

/** How one kind of fault is done to a real cluster. */
export interface Translation<Kind extends FaultKind> {
  readonly kind: Kind
  readonly grade: Grade
  /** With what, and where that differs from the simulation; or why it can't be done. */
  readonly means: string
  /** Abilities that the cluster's provider must have. */
  readonly needs?: readonly Need[]
  /** How many brokers it takes there, where a simulated one would do; default 1. */
  readonly brokersMin?: number
  /** Lets it act. What takes time goes through `world.busy`. */
  begin(fault: FaultOfKind<Kind>, world: RealFaultWorld): FaultStart
}
