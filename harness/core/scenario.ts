import type { FaultFamily, FaultKind } from './fault.ts'
import type { Guarantee } from './guarantee.ts'
import type { History } from './history.ts'
import type { Stream } from './seed.ts'
import type { Service, ServiceAddress, ServiceRow } from './service.ts'
import type { Measured } from './verdict.ts'

/** A record as a user writes it. */
export interface RecordInput {
  readonly key?: string | Uint8Array | null
  readonly value: string | Uint8Array | null
  readonly headers?: Readonly<Record<string, string | Uint8Array>>
  /**
   * Default: by the key's murmur2 hash as Kafka's producers do, or round robin where there is no
   * key.
   */
  readonly partition?: number
  /** Virtual milliseconds after the start of the run; default 0. */
  readonly atMs?: number
}

/** An offset; as a number up to 2^53, as text in decimal digits. */
export type OffsetInput = bigint | number | string

export interface TopicInput {
  readonly partitions: number
  /** Offset of the first record in each partition; default 0. */
  readonly startOffset?: OffsetInput
  /**
   * Topic configurations by their Kafka names, e.g. `{ 'retention.ms': '60000' }` or `{
   * 'cleanup.policy': 'compact' }`.
   */
  readonly configs?: Readonly<Record<string, string>>
}

/**
 * Records made one by one, from an arbitrary of fast-check or by a function: a failing schedule is
 * shrunk with the values of an arbitrary.
 */
export interface DrawnRecords {
  readonly count: number
  /**
   * Keys, values, headers, partitions and times: all fields of a record may vary. A function gets
   * the record's number, from 0, and chance of its own for each record.
   */
  readonly each: RecordArbitrary | RecordMaker
  /**
   * When each record is appended that names no `atMs`; `arrivals` and `late` make such functions.
   * Default: all at the start.
   */
  readonly at?: Arrivals
}

export type RecordMaker = (index: number, random: Stream) => RecordInput

/**
 * Virtual milliseconds after the start at which the record with this number, from 0, is appended.
 */
export type Arrivals = (index: number, random: Stream) => number

/**
 * The part of fast-check's `Arbitrary<RecordInput>` that is used. Not the class itself, which is
 * another one for `require`, and in other versions.
 */
export interface RecordArbitrary {
  generate(random: object, bias: number | undefined): ArbitraryValue
  shrink(value: RecordInput, context: unknown): Iterable<ArbitraryValue>
}

/** The part of fast-check's `Value<RecordInput>` that is used. */
export interface ArbitraryValue {
  readonly value: RecordInput
  readonly value_: RecordInput
  readonly context: unknown
}

export type RecordsInput =
  | number
  | readonly RecordInput[]
  | DrawnRecords
  | ((random: Stream) => readonly RecordInput[])

export function isDrawn(input: RecordsInput): input is DrawnRecords {
  return typeof input === 'object' && 'each' in input
}

/** One Kafka cluster of several. */
export interface ClusterInput {
  readonly topics: Readonly<Record<string, TopicInput>>
  /** As `Scenario.records`; default: what apps write is all there is. */
  readonly records?: Readonly<Record<string, RecordsInput>>
  /** As `Scenario.groups`. */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, OffsetInput>>>>
  /** 1 to 3; default 1. In the cluster `b` they are `broker-0.b:9092`, `broker-1.b:9092` … */
  readonly brokers?: number
  /** Broker settings on top of the scenario's. */
  readonly broker?: Readonly<Record<string, string | number | boolean>>
}

/** The argument of `defineScenario`. Names are fixed by the public contract. */
export interface Scenario {
  readonly name: string
  /** Left out where there are `clusters`. */
  readonly topics?: Readonly<Record<string, TopicInput>>
  /**
   * For each topic a count, a list, an arbitrary of fast-check for each record, or a function of
   * chance. Left out where there are `clusters`.
   */
  readonly records?: Readonly<Record<string, RecordsInput>>
  /**
   * Several Kafka clusters instead of `topics`, `records`, `groups` and `brokers`, for migration
   * and mirroring: `{ a: { topics: …, records: … }, b: { topics: … } }`. Apps connect to
   * `context.clusters.a.brokers`. Topics, groups and records are named with their cluster
   * wherever they are told of: `b:orders/0@3`.
   */
  readonly clusters?: Readonly<Record<string, ClusterInput>>
  /**
   * Where groups begin that have consumed before: the next offset to read, by group and partition,
   * e.g. `{ billing: { 'orders/0': 5n } }`. Records below are no business of this group. Default:
   * no group has committed anything.
   */
  readonly groups?: Readonly<Record<string, Readonly<Record<string, OffsetInput>>>>
  /** Processes that run `app`; default 2. */
  readonly consumers?: number
  /**
   * Several apps instead of `app`, by name: `{ orders: { module: './orders.ts', processes: 2 },
   * relay: { module: './relay.ts' } }`. Their processes are `orders-0`, `orders-1`, `relay-0`.
   */
  readonly apps?: Readonly<Record<string, NamedApp>>
  /** Brokers of the cluster, 1 to 3; default 1. */
  readonly brokers?: number
  /** The one app; its processes are `consumer-0`, `consumer-1` … */
  readonly app?: App | undefined
  readonly guarantee: Guarantee
  /**
   * The event that completes a record: `reported`, a call of `context.effects.record` or
   * `tx.effect`; `handlers`, a handler that ends without an error; `{ from, query }`, what stands
   * in a service after all has come to rest. Default: whichever of the first two the app uses in a
   * run without faults, and the report says which.
   */
  readonly effects?: EffectsFrom | EffectsOfService
  /**
   * Hosts beside the brokers, by name, each with its own port or one behind the name: `{ db:
   * postgres({ schema: './schema.sql' }), 'cache:6379': … }`. The app's own client connects to
   * `db`; see `context.services`.
   */
  readonly services?: Readonly<Record<string, Service>>
  /**
   * Maps a record to the identity of its message, e.g. `({ value }) => JSON.parse(value ??
   * '').orderId`, so that a copy in a retry or dead-letter topic is recognised although its value
   * was changed, and a message that a producer sent twice is one. Default: key and value; two
   * records are then two messages.
   */
  readonly identity?: IdentityOf
  /**
   * Facts that hold when all has come to rest: each is called once a run, after the drain, and is
   * broken where it throws (or rejects) or returns a sentence. The name and the sentence are the
   * finding: the same defect should give the same sentence.
   */
  readonly invariants?: Readonly<Record<string, Invariant>>
  /**
   * Most that a run may show of each; `{}` measures and forbids nothing. `lagMax`: records of a
   * partition that a group has yet to complete; `duplicatesMax`: duplicate effects after one fault;
   * `stoppedMsMax`: virtual milliseconds in which a group that has something to do at a partition
   * does not come forward; `recoveryMsMax`: from when a fault has healed until all is done that was
   * there then.
   */
  readonly measures?: Partial<Measured>
  /**
   * Virtual milliseconds in which nothing is left to consume before a run is at its end, for work
   * that no topic shows: a relay that polls its outbox, a timer. Default: 0.
   */
  readonly restMs?: number
  /**
   * Virtual milliseconds after which something expires that the app relies on: a deduplication key,
   * a lock, a token. Outages, stalls and restarts are tried that outlast each. Those of broker
   * settings that the scenario names (`offsets.retention.minutes`, `retention.ms`) are known.
   */
  readonly expiriesMs?: readonly number[]
  /** Families or single kinds; default: all that the guarantee must survive. */
  readonly faults?: readonly (FaultFamily | FaultKind)[]
  /**
   * Environment variables that the app's processes see, on top of the real ones. A package that is
   * shared by all processes reads the real environment while it is loaded.
   */
  readonly env?: Readonly<Record<string, string>>
  /** Broker settings by their Kafka names, e.g. `{ 'group.initial.rebalance.delay.ms': 0 }`. */
  readonly broker?: Readonly<Record<string, string | number | boolean>>
}

/** Throws, rejects or returns a sentence where it is broken. */
export type Invariant = (world: InvariantWorld) => unknown

/** The world after the drain. */
export interface InvariantWorld {
  /** All that happened, in order. */
  readonly history: History
  /** The scenario's services that can be asked what stands in them, by name. */
  readonly services: Readonly<Record<string, AskedService>>
}

export interface AskedService {
  /** Committed rows, for a query as in `effects: { from, query }`. */
  ask(query: string): readonly ServiceRow[]
}

/** A record as `identity` sees it; key and value as text. */
export interface IdentityRecord {
  /** Where there are several clusters, with its cluster: `b:orders`. */
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly key: string | null
  readonly value: string | null
}

export type IdentityOf = (record: IdentityRecord) => string | number | bigint

export type EffectsFrom = 'reported' | 'handlers'

/** Effects are rows that stand in a service. */
export interface EffectsOfService {
  /** Its name in `services`. */
  readonly from: string
  /**
   * Gives a row for each effect that stands there: with a column `identity`, compared as text with
   * the scenario's `identity` of each record, or with `topic`, `partition` and `"offset"`; and with
   * `times` where a row stands for several: `select order_id as identity, count(*) as times from
   * orders group by 1`.
   */
  readonly query: string
}

/** One app of several. */
export type NamedApp = (
  | { readonly main: (context: AppContext) => unknown }
  | { readonly module: string; readonly sharedPackages?: readonly string[] }
) & {
  /** A search keeps to a number, default 1, and varies within limits. */
  readonly processes?: AppProcesses
  /** On top of the scenario's. */
  readonly env?: Readonly<Record<string, string>>
}

export type AppProcesses = number | { readonly atLeast: number; readonly atMost: number }

export type App =
  /**
   * `main()` of one process. Module state is shared by all processes: use `{ module }` where that
   * matters.
   */
  | ((context: AppContext) => unknown)
  /**
   * Path relative to the scenario's file (or absolute, or a `file:` URL). The module is loaded with
   * fresh state for every incarnation; its default export, if it is a function, is called with the
   * context.
   */
  | {
      readonly module: string
      /**
       * Packages that are loaded once, for all processes and runs, e.g. `['@nestjs/core', 'rxjs']`:
       * processes start sooner, and what these packages keep in module variables lives on. Default:
       * the Kafka clients only.
       */
      readonly sharedPackages?: readonly string[]
    }

export interface AppContext {
  /** Bootstrap addresses, e.g. `['broker-0:9092']`; of no use where there are several clusters. */
  readonly brokers: string[]
  /** Bootstrap addresses of each of several clusters, by name: `context.clusters.b.brokers`. */
  readonly clusters: Readonly<Record<string, ClusterAddress>>
  /** `consumer-0`, stable over restarts. */
  readonly instance: string
  /** 1, 2, … */
  readonly incarnation: number
  /** Aborted on SIGTERM. */
  readonly signal: AbortSignal
  readonly effects: Effects
  readonly store: Store
  /** Where the scenario's services are, by their names: `context.services.db.port`. */
  readonly services: Readonly<Record<string, ServiceAddress>>
}

export interface ClusterAddress {
  readonly brokers: string[]
}

export interface EffectTarget {
  /**
   * Where there are several clusters; default: the one whose record the running handler was given,
   * or the only one that the process consumes.
   */
  readonly cluster?: string
  readonly topic: string
  readonly partition: number
  /** As the client gives it. */
  readonly offset: string | number | bigint
}

export interface Effects {
  /**
   * Reports a side effect of a record, e.g. a mail sent. Topic, partition and offset are those that
   * the client gave, not what the record's value says of itself: shrinking takes records away, and
   * others get their offsets. It becomes real after a virtual latency; the promise rejects where
   * the schedule makes the effect fail, or lets it happen and loses the answer. Without a target it
   * is the record whose handler runs (kafkajs's `eachMessage`, a `data` listener of
   * @platformatic/kafka).
   */
  record(target?: EffectTarget, label?: string): Promise<void>
  /** The app gives the record up on purpose: it does not count as lost. */
  skip(target?: EffectTarget, reason?: string): void
}

/** A small transactional database outside the processes: it survives crashes. */
export interface Store {
  /**
   * Runs `work` as one serialisable transaction. Rejects, with nothing written, where it conflicts
   * or fails; the app may try again. It may also reject after it has been written: a lost
   * acknowledgement.
   */
  transaction<T>(work: (tx: StoreTransaction) => Promise<T> | T): Promise<T>
}

export interface StoreTransaction {
  get(table: string, key: string): Promise<unknown>
  put(table: string, key: string, value: unknown): Promise<void>
  delete(table: string, key: string): Promise<void>
  /** An effect that becomes real if and only if the transaction commits. */
  effect(target: EffectTarget, label?: string): void
}
