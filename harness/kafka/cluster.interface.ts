import type { Observer, RecordPosition } from '../core/history.ts'
import type { Chance } from '../core/seed.ts'
import type { ErrorName } from './wire/error-codes.ts'

/**
 * The simulated cluster, seen from outside: it speaks Kafka's wire protocol over transports that it
 * is handed, and lives on a clock that it is handed. It imports nothing of `harness/sim`, so that
 * the same cluster also listens on real ports. `createCluster(options): Cluster` stands in
 * `cluster.ts`.
 */
export interface ClusterOptions {
  /** Brokers, 1 to 3 (more are allowed): node ids 0, 1, …; host names `broker-0`, … */
  readonly brokers: readonly BrokerAddress[]
  readonly clock: Clock
  readonly chance: Chance
  readonly observer: Observer
  readonly hooks?: RequestHooks
  /** Set where there are several clusters: what tells this one from the others. */
  readonly id?: {
    readonly cluster: string
    /** The first producer id that it gives. */
    readonly firstProducer: bigint
  }
  /** Broker settings by their Kafka names; unknown ones are a UsageError. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
}

export interface BrokerAddress {
  readonly id: number
  readonly host: string
  readonly port: number
}

export interface Clock {
  /** Unix time in milliseconds; a whole number. */
  nowMs(): number
  /** Runs `action` after `delayMs` (≥ 0, may be fractional). */
  after(delayMs: number, action: () => void): { cancel(): void }
}

/** The client at the other end of a connection. */
export interface Peer {
  /** Process instance or host name. */
  readonly process: string
  readonly incarnation: number
}

/** The cluster's way to answer. */
export interface Transport {
  send(bytes: Buffer): void
  /** FIN after what was sent. */
  close(): void
  /** RST. */
  reset(): void
  /**
   * Whether more may be sent. While it is false the broker takes up no further request of this
   * connection, until `Session.drained`. Absent: always.
   */
  ready?(): boolean
  /**
   * True: many bytes wait for the request at hand, and no more should be read from the peer; false:
   * they may be.
   */
  muted?(muted: boolean): void
  /** Nothing of these bytes, which were given to `Session.receive`, will be read again. */
  spent?(bytes: Buffer): void
}

/** A connection as the owner of its transport drives it. */
export interface Session {
  /** Bytes arrived; frames may be cut anywhere. */
  receive(bytes: Buffer): void
  /** The transport is ready again. */
  drained(): void
  /** The peer is gone. */
  closed(): void
}

/** One request as the hooks see it. */
export interface RequestInfo {
  readonly peer: Peer
  readonly connectionId: number
  readonly broker: BrokerAddress
  /** Kafka's name of the request, e.g. `OffsetCommit`. */
  readonly api: string
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  /**
   * Decoded body, field names as in Kafka's message definitions in lower camel case; int64 are
   * bigint.
   */
  readonly body: Readonly<Record<string, unknown>>
}

export type RequestAction =
  | { readonly kind: 'proceed' }
  /** Takes the request up later; the connection waits. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never applied, never answered, nor is anything after it on this connection. */
  | { readonly kind: 'lose' }
  | { readonly kind: 'disconnect-before' }
  /** Applied, then the connection closes without the answer. */
  | { readonly kind: 'disconnect-after' }
  /** Applied; its answer and everything after it on this connection is swallowed. */
  | { readonly kind: 'lose-answer' }
  /** Applied; the answer leaves later. */
  | { readonly kind: 'delay-answer'; readonly ms: number }
  /** Not applied; answered with this error in every place where the answer has one. */
  | { readonly kind: 'error'; readonly error: ErrorName }

export interface RequestHooks {
  /**
   * Counts this process's requests of this api, from 1, for history events that name their request.
   */
  ordinal?(request: RequestInfo): number
  /** Asked when a request is taken up (one at a time for each connection), before it is applied. */
  received?(request: RequestInfo): RequestAction
  /**
   * The request has been applied (or refused); the answer is about to be written. `errorCode` is
   * the first error in the answer, by its Kafka name, or null. For parked requests (JoinGroup,
   * Fetch) this is when they complete.
   */
  applied?(request: RequestInfo, errorName: string | null): void
}

export interface Cluster {
  readonly brokers: readonly BrokerAddress[]
  /** A client connected to this broker. */
  connect(brokerId: number, peer: Peer, transport: Transport): Session
  readonly admin: ClusterAdmin
  /** Cancels every timer. */
  dispose(): void
}

/**
 * The harness's hands and eyes: it acts on the cluster from outside, and looks into it. Nothing
 * here goes over the wire.
 */
export interface ClusterAdmin {
  createTopic(
    name: string,
    options: {
      readonly partitions: number
      readonly startOffset?: bigint
      /** Topic configurations by their Kafka names, e.g. `retention.ms`. */
      readonly configs?: Readonly<Record<string, string>>
    },
  ): void
  /**
   * Appends one record (a batch of its own), as a producer without idempotence would. Returns its
   * offset.
   */
  append(record: AppendInput): bigint
  addPartitions(topic: string, count: number): void
  /**
   * Deletes it, and makes it with the same partitions, replicas and configurations, at once and
   * everywhere.
   */
  recreateTopic(name: string): void
  /** Sets one configuration of a topic, or with null takes it away; returns what it had before. */
  configureTopic(topic: string, name: string, value: string | null): string | null
  /** Moves leadership to the next live broker (or `to`). */
  moveLeader(topic: string, partition: number, to?: number): void
  /** Moves a group's coordinator to the next live broker, which must load before it serves. */
  moveCoordinator(group: string, to?: number): void
  /**
   * Moves a transactional id's coordinator to the next live broker, which must load before it
   * serves.
   */
  moveTransactionCoordinator(transactionalId: string, to?: number): void
  /**
   * Connections are reset, leadership and coordination move to live brokers (with one broker:
   * unavailable).
   */
  stopBroker(id: number): void
  startBroker(id: number): void
  /**
   * As `stopBroker`, and its replicas lose what is not on the disk yet; a partition without other
   * replicas keeps all.
   */
  crashBroker(id: number): void
  /** Whether these brokers have an authorizer. */
  readonly hasAuthorizer: boolean
  /**
   * ACLs as in the setting `onceover.acls`; what they forbid is refused from now on. @throws
   * UsageError without an authorizer
   */
  addAcls(text: string): void
  /**
   * Takes away those that are the same; how many. @throws UsageError without an authorizer, or for
   * what is no ACL
   */
  removeAcls(text: string): number
  /**
   * This broker lets this process have one request each `everyMs`, until null is given. What comes
   * sooner is answered at once, as under an exceeded quota: throttled for `everyMs`, in which its
   * connection is muted (KIP-219).
   */
  throttle(client: { readonly broker: number; readonly process: string }, everyMs: number | null): void
  /** This broker's replica fetches nothing from its leader until it is let again. */
  isolateReplica(replica: ReplicaPlace, isolated: boolean): void
  /** This broker's replicas, those to come included, fetch nothing. @returns whether that is new */
  isolateBroker(id: number, isolated: boolean): boolean
  /**
   * This broker and the controller hear nothing of each other until they are let again: as
   * `holdMetadata`, and after `broker.session.timeout.ms` the controller fences it and moves its
   * work; the broker does not notice until the cut ends. @returns whether that is new
   */
  cutFromController(id: number, isCut: boolean): boolean
  /**
   * This broker hears of nothing that changes in the cluster until it is let again: it answers from
   * what it knows, and goes on leading and coordinating what was given to others. @returns whether
   * that is new; a broker that is down hears of all when it starts.
   */
  holdMetadata(id: number, held: boolean): boolean
  /** Replicas of each partition that is created; 1: one copy that goes with its leader. */
  readonly replicationFactor: number
  /** `to` leads, or else the live replica that is furthest behind, as if none were in sync. */
  electUnclean(topic: string, partition: number, to?: number): void
  /**
   * Moves a partition's replicas to these brokers: new ones catch up, then the others go; null: the
   * move that goes on is given up. @returns the error, by Kafka's name, or NONE
   */
  reassign(topic: string, partition: number, replicas: readonly number[] | null): string
  /** Brokers whose replicas are in sync. */
  inSync(topic: string, partition: number): readonly number[]
  /** Where this broker's replica ends, or null where it has none of its own. */
  replicaEnd(replica: ReplicaPlace): bigint | null
  /**
   * Resets every connection on which a request or an answer was lost: the client hears of it and
   * makes another.
   * @returns whether there were any
   */
  resetLossyConnections(): boolean
  isUp(id: number): boolean
  /** Removes records below this offset. */
  deleteRecords(topic: string, partition: number, beforeOffset: bigint): void
  topics(): readonly { readonly name: string; readonly partitions: number }[]
  leader(topic: string, partition: number): number | null
  coordinator(group: string): number | null
  transactionCoordinator(transactionalId: string): number | null
  transaction(transactionalId: string): TransactionView | null
  /** Transactions that have begun and of which not all markers are written. */
  openTransactions(): number
  logStart(topic: string, partition: number): bigint
  logEnd(topic: string, partition: number): bigint
  highWatermark(topic: string, partition: number): bigint
  /** The first offset of a record that is not older than this, or null. */
  offsetSince(topic: string, partition: number, ageMs: number): bigint | null
  lastStableOffset(topic: string, partition: number): bigint
  /** Committed offset, or null. */
  committed(group: string, topic: string, partition: number): bigint | null
  /**
   * Sets committed offsets as the AdminClient does: only while the group has no members.
   * @returns the error, by Kafka's name, or NONE
   */
  setOffsets(group: string, offsets: readonly RecordPosition[], by: 'scenario' | 'operator'): string
  /** Only while it has no members. @returns the error, by Kafka's name, or NONE */
  deleteGroup(group: string): string
  groups(): readonly string[]
  /** Cheaper than `group`. */
  groupState(group: string): GroupView['state'] | null
  group(group: string): GroupView | null
}

export interface ReplicaPlace {
  readonly topic: string
  readonly partition: number
  readonly broker: number
}

export interface AppendInput {
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | null }[]
}

export interface TransactionView {
  readonly state: 'Empty' | 'Ongoing' | 'PrepareCommit' | 'PrepareAbort' | 'CompleteCommit' | 'CompleteAbort'
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
}

export interface GroupView {
  readonly state:
    | 'Empty'
    | 'PreparingRebalance'
    | 'CompletingRebalance'
    | 'Assigning'
    | 'Reconciling'
    | 'Stable'
    | 'Dead'
  /** The group epoch, where members speak the consumer protocol (KIP-848). */
  readonly generation: number
  readonly members: readonly {
    readonly memberId: string
    readonly process: string
    readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
  }[]
}
