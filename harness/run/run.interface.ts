import type { ExpectedAssertion } from '../core/assertion.ts'
import type { ClientTimings } from '../core/client-timings.ts'
import type { FaultKind } from '../core/fault.ts'
import type { Guarantee } from '../core/guarantee.ts'
import type { History, HistoryEvent, SkippedFault } from '../core/history.ts'
import type { OutputLine } from '../core/output.ts'
import type { Setting } from '../core/property.ts'
import type { Schedule, Workload, WorkloadRecord } from '../core/schedule.ts'
import type { ServiceErrorCode } from '../core/service.ts'
import type { PropertyName, Verdict } from '../core/verdict.ts'
import type { OutsideStep } from './scheduler.interface.ts'
import type { ReadyService } from './services.ts'

/**
 * A scenario that has been checked and loaded: all that `harness/search` needs to know about it.
 */
export interface PreparedScenario {
  readonly name: string
  /** Absolute path, or null where the scenario exists only in memory. */
  readonly file: string | null
  readonly guarantee: Guarantee
  /** Fault kinds that schedules of this scenario may use. */
  readonly faultKinds: readonly FaultKind[]
  /** Kinds that were asked for, and that the app's client can't be given; why. */
  readonly impossible: readonly { readonly kind: FaultKind; readonly why: string }[]
  /** The services beside the brokers, got ready. */
  readonly services: readonly ReadyService[]
  /** Products behind the services, by the names of these: `PostgreSQL 15.18`. */
  readonly serviceVersions: Readonly<Record<string, string>>
  /** Errors of its own that each service can be made to answer, by its name. */
  readonly serviceErrors: Readonly<Record<string, readonly ServiceErrorCode[]>>
  /** The app's own assertions that some schedule must see come true, as its code has them. */
  readonly assertions: readonly ExpectedAssertion[]
  /** The ACLs of the setting `onceover.acls`, each as a text. */
  readonly acls: readonly string[]
  readonly wire: SeenOnWire
  /** Virtual milliseconds after which something expires that the app relies on. */
  readonly expiriesMs: readonly number[]
  /**
   * Remarks that a reader of the verdict needs, a sentence each: what counts as an effect, topics
   * that nobody reads.
   */
  readonly remarks: readonly string[]
  /** Topics that the app subscribes to, known after the first run. */
  readonly consumed: readonly string[]
  /** The setting for the checkers, except for the workload. */
  readonly setting: Omit<Setting, 'workload'>
  /** The workload for this seed: where records are a function of chance, it is drawn from it. */
  workload(seed: string): Workload
  /**
   * The records of that workload whose values can be shrunk: those that were drawn from
   * arbitraries.
   */
  values(seed: string): readonly DrawnRecord[]
  /**
   * Runs exactly this schedule. Repeatable: the same schedule gives the same history. Never in
   * parallel.
   */
  run(schedule: Schedule, options?: RunOptions): Promise<RunResult>
  /** Name and version of the client library that the app uses, e.g. `kafkajs 2.2.4`. */
  readonly client: string
  /** Of all of its processes. */
  readonly timeZone: string
  /**
   * The client's timings, which say what is long for it; of several clients, the first with an
   * adapter.
   */
  readonly timings: ClientTimings
}

/** A record that was drawn from an arbitrary. */
export interface DrawnRecord {
  readonly record: WorkloadRecord
  /** Records that the same arbitrary might have given instead, the plainest first. */
  plainer(): Iterable<DrawnRecord>
}

export interface RunOptions {
  /**
   * End the run at the first forbidden finding (the default); of this property only, where one is
   * given.
   */
  readonly stopAt?: 'first-violation' | 'end' | PropertyName
  /**
   * Watch for uncontrolled asynchronous work (slower), and reject with a UsageError where there is
   * some; used when a run is repeated to compare histories.
   */
  readonly watchLeaks?: boolean
  /**
   * Asked now and then while the run is under way: true ends it, and it rejects with `RunStopped`.
   */
  readonly stop?: (() => boolean) | undefined
  /** The run goes on by another chance behind this moment. */
  readonly branch?: Branch | undefined
  readonly watch?: RunWatch
  /** Told of each line that the app prints; default: nothing is kept. */
  readonly output?: ((line: OutputLine) => void) | undefined
}

/** A moment of a run, and another seed for all that is left to chance behind it. */
export interface Branch {
  /** Sequence number of the event behind which it begins. */
  readonly after: number
  readonly seed: string
}

/**
 * Told of a run while it goes on: the history, and the steps of calls to the outside world, which
 * are in none.
 */
export interface RunWatch {
  event(event: HistoryEvent): void
  step(step: OutsideStep): void
}

export interface RunResult {
  readonly schedule: Schedule
  readonly history: History
  readonly verdict: Verdict
  readonly skipped: readonly SkippedFault[]
  readonly app: ObservedApp
  readonly stats: RunStats
  /** SHA-256 of the printed history in hex; computed when first asked for. */
  historyHash(): string
}

/** The features that the app was seen to use in a run. */
export interface ObservedApp {
  /** Topics that it subscribed to, sorted. */
  readonly consumed: readonly string[]
  /** Client libraries by the names of their packages. */
  readonly clients: readonly string[]
  /** Whether the app reported effects, so that handlers are not taken for effects. */
  readonly reportsEffects: boolean
  /** Whether it asked `context.store` for something. */
  readonly usesStore: boolean
  readonly wire: SeenOnWire
}

/** Properties of an app's clients that their requests tell. */
export interface SeenOnWire {
  /** A member joined with an id of its own (`group.instance.id`). */
  readonly staticMembers: boolean
  /** A producer waited for all in-sync replicas (acks −1). */
  readonly awaitsReplicas: boolean
}

export interface RunStats {
  /** Events of the engine. */
  readonly dispatched: number
  readonly virtualMs: number
  readonly wallMs: number
}
