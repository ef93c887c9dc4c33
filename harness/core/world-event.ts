import type { AssertionName } from './assertion.ts'

export type RequestEvent = Extract<WorldEvent, { readonly kind: 'request' }>
export type CallEvent = Extract<WorldEvent, { readonly kind: 'call' }>

/** Any event of a history, for what must not know what a fault is. */
export type AnyEvent = WorldEvent | { readonly kind: 'fault' }

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** `process` is the instance (`consumer-0`), `incarnation` counts its starts from 1. */
export interface ByProcess {
  readonly process: string
  readonly incarnation: number
}

export interface RecordPosition extends TopicPartition {
  readonly offset: bigint
}

export interface OffsetRange extends TopicPartition {
  readonly firstOffset: bigint
  /** Included. */
  readonly lastOffset: bigint
}

/** Kafka requests by their Kafka names: `OffsetCommit`, `JoinGroup`, … */
export type RequestPhase =
  /** The client wrote it to its socket. */
  | 'sent'
  /** The broker took it up. */
  | 'received'
  /** The broker did it, or refused it with `error`; the answer is not yet written. */
  | 'applied'
  /** The last byte of the answer reached the client. */
  | 'acknowledged'
  /** The connection ended before the answer arrived. */
  | 'lost'

/**
 * One event that an outside observer of the world under test could know. Faults are not among
 * these: a fault's definition names the events that it fits, so events are defined first
 * (`core/faults`), and `core/history.ts` joins both.
 */
export type WorldEvent =
  // --- the log
  | ({
      readonly kind: 'append'
      /** Process that appended the record; null: an operator or the workload. */
      readonly process: string | null
      readonly key: string | null
      readonly value: string | null
      /** Set when an election restores a record that was truncated before. */
      readonly again?: true
      /** Set while the record belongs to a transaction that is not decided. */
      readonly producer: {
        readonly id: bigint
        readonly epoch: number
        readonly transactional: boolean
      } | null
    } & RecordPosition)
  /**
   * A leader that has not heard of its successor wrote this record: the log of all others never has
   * it, and it is cut off when that leader hears. It may nevertheless be acknowledged (acks 1).
   */
  | ({
      readonly kind: 'astray'
      readonly process: string | null
      /**
       * The deposed leader believed that it alone was in sync, so that consumers may have read the
       * record.
       */
      readonly committed: boolean
      readonly key: string | null
      readonly value: string | null
    } & RecordPosition)
  /**
   * An end-of-transaction marker: it takes up `offset`, and decides the producer's open records
   * below it.
   */
  | ({
      readonly kind: 'marker'
      readonly producerId: bigint
      readonly producerEpoch: number
      readonly outcome: 'commit' | 'abort'
      /** In `__consumer_offsets`: the groups whose pending offsets it decided. */
      readonly groups?: readonly string[]
    } & RecordPosition)
  /** Records below `offset` are gone (DeleteRecords, retention). */
  | ({ readonly kind: 'log-start'; readonly reason: string } & RecordPosition)
  /** Records at and above `offset` are gone. */
  | ({
      readonly kind: 'truncated'
      readonly reason: string
      /**
       * From here on not all in-sync replicas had ever had them, so that a producer with acks −1
       * was told of none.
       */
      readonly uncommittedFrom?: bigint
    } & RecordPosition)
  /** Compaction took the records at these offsets, in ascending order; others have their keys. */
  | ({ readonly kind: 'compacted'; readonly offsets: readonly bigint[] } & TopicPartition)
  | {
      readonly kind: 'topic-created'
      readonly topic: string
      readonly partitions: number
      readonly startOffset: bigint
    }
  | { readonly kind: 'topic-deleted'; readonly topic: string }
  | { readonly kind: 'partitions-added'; readonly topic: string; readonly partitions: number }
  // --- requests on the wire
  | ({
      readonly kind: 'request'
      readonly phase: RequestPhase
      readonly api: string
      /** Counts this instance's requests of this api over all its incarnations, from 1. */
      readonly ordinal: number
      readonly broker: string
      /** Set from `applied` on where Kafka answered an error. */
      readonly error: string | null
    } & ByProcess)
  /**
   * A Fetch answer left the broker with these records (as stored: aborted ones and whole batches
   * included).
   */
  | ({
      readonly kind: 'fetched'
      readonly broker: string
      readonly fetchOffset: bigint
      readonly highWatermark: bigint
      readonly lastStableOffset: bigint
    } & ByProcess &
      OffsetRange)
  // --- calls of services
  | ({
      readonly kind: 'call'
      readonly phase: RequestPhase
      /** Name of the service in the scenario. */
      readonly service: string
      /** Kind of the call: `COMMIT`, `POST /payments`. */
      readonly operation: string
      /**
       * Counts this instance's calls of this service and operation over all incarnations, from 1.
       */
      readonly ordinal: number
      /** Set from `applied` on where the service answered an error. */
      readonly error: string | null
    } & ByProcess)
  // --- handlers, as the client's adapter sees them
  | ({ readonly kind: 'handler-start'; readonly group: string } & ByProcess & RecordPosition)
  | ({ readonly kind: 'handler-end'; readonly group: string } & ByProcess & RecordPosition)
  | ({ readonly kind: 'handler-failure'; readonly group: string; readonly error: string } & ByProcess &
      RecordPosition)
  /** eachBatch: the handler got this range at once. `offsets` are those delivered. */
  | ({
      readonly kind: 'batch-start'
      readonly group: string
      readonly offsets: readonly bigint[]
    } & ByProcess &
      OffsetRange)
  | ({ readonly kind: 'batch-end'; readonly group: string; readonly error: string | null } & ByProcess &
      OffsetRange)
  /** The app told its client that the record is done (kafkajs `resolveOffset`). */
  | ({ readonly kind: 'resolved'; readonly group: string } & ByProcess & RecordPosition)
  | ({ readonly kind: 'seek'; readonly group: string; readonly offset: bigint } & ByProcess & TopicPartition)
  // --- effects
  /** The side effect of a record became real. */
  | ({
      readonly kind: 'effect'
      readonly label: string
      /**
       * `handler`: the app reports no effects, so a handler's success counts; `service`: it stands
       * in a service of the scenario.
       */
      readonly via: 'handler' | 'record' | 'transaction' | 'service'
      /** Name of the call that made it stand there, where it stands in a service. */
      readonly call?: string
    } & ByProcess &
      RecordPosition)
  /** A record's effect no longer stands in a service: a row was deleted. */
  | ({
      readonly kind: 'effect-undone'
      readonly label: string
      readonly call: string
      /** How often it still stands there. */
      readonly left: number
    } & ByProcess &
      RecordPosition)
  | ({ readonly kind: 'effect-failure'; readonly label: string; readonly error: string } & ByProcess &
      RecordPosition)
  /** The app gave the record up on purpose. */
  | ({ readonly kind: 'skip'; readonly reason: string } & ByProcess & RecordPosition)
  /**
   * Store keys written by a committed store transaction, for consumers that keep offsets beside
   * their results.
   */
  | ({ readonly kind: 'store-commit'; readonly writes: number; readonly acknowledged: boolean } & ByProcess)
  // --- assertions of the app
  /**
   * The app called an assertion of `onceover/assert`. Of each incarnation only the first true and
   * the first false call of each.
   */
  | ({
      readonly kind: 'assertion'
      readonly assertion: AssertionName
      readonly message: string
      readonly condition: boolean
      /** As `util.inspect` shows them, cut where they are long. */
      readonly details?: string
    } & ByProcess)
  /** An invariant of the scenario was evaluated, after the drain. */
  | {
      readonly kind: 'invariant'
      readonly name: string
      /** `unknown`: it could not be evaluated. */
      readonly outcome: 'held' | 'broken' | 'unknown'
      /** The reason, where it was not held. */
      readonly text: string | null
    }
  // --- commits, one event for each partition
  | ({
      readonly kind: 'commit'
      readonly phase: 'applied' | 'rejected' | 'acknowledged' | 'lost'
      readonly group: string
      readonly memberId: string
      /** −1 for a commit outside a group generation. */
      readonly generation: number
      /** The next offset to read, as committed. */
      readonly offset: bigint
      readonly error: string | null
      readonly transactional: boolean
      /** The producer whose transaction carried it, where it is transactional and known. */
      readonly producerId?: bigint
      /** Ordinal of the OffsetCommit or TxnOffsetCommit request that carried it. */
      readonly ordinal: number
      /** Ours to know: the owner at the coordinator when the commit was applied. */
      readonly owner: string | null
    } & ByProcess &
      TopicPartition)
  /**
   * Offsets removed by the coordinator: expired, deleted by an operator, their topic is gone, or
   * the end of its log is lost, and then `fallback` is the older offset that it has instead.
   */
  | ({
      readonly kind: 'offset-removed'
      readonly group: string
      readonly reason: string
      readonly fallback?: bigint
    } & TopicPartition)
  /**
   * The committed offset was set from outside the group: by the scenario before anything else, or
   * by an operator while the group has no members.
   */
  | ({
      readonly kind: 'offset-set'
      readonly group: string
      readonly by: 'scenario' | 'operator'
      /** The next offset to read. */
      readonly offset: bigint
    } & TopicPartition)
  /** The coordinator told a consumer where to resume; −1: no committed offset. */
  | ({ readonly kind: 'offset-fetched'; readonly group: string; readonly offset: bigint } & ByProcess &
      TopicPartition)
  // --- groups, as the coordinator decides
  | ({
      readonly kind: 'member-joined'
      readonly group: string
      readonly memberId: string
      readonly rejoin: boolean
    } & ByProcess)
  | ({
      readonly kind: 'member-removed'
      readonly group: string
      readonly memberId: string
      readonly reason: 'left' | 'session-expired' | 'rebalance-timeout' | 'fenced' | 'lost'
    } & ByProcess)
  | {
      readonly kind: 'rebalance'
      readonly group: string
      /** The group began to prepare a new generation. */
      readonly reason: string
    }
  | {
      readonly kind: 'generation'
      readonly group: string
      readonly generation: number
      /**
       * Set where it is a group epoch of the consumer protocol (KIP-848), which its members reach
       * one by one.
       */
      readonly protocol?: 'consumer'
      readonly members: readonly { readonly memberId: string; readonly process: string }[]
    }
  /** The coordinator's assignment of this generation to this member became durable. */
  | ({
      readonly kind: 'assigned'
      readonly group: string
      readonly memberId: string
      readonly generation: number
      readonly partitions: readonly TopicPartition[]
    } & ByProcess)
  /** The client learnt its assignment: from here on the process believes that it owns these. */
  | ({
      readonly kind: 'believes'
      readonly group: string
      readonly memberId: string
      readonly generation: number
      readonly partitions: readonly TopicPartition[]
    } & ByProcess)
  /** The client gave its assignment up before a rejoin, or learnt that it lost it. */
  | ({ readonly kind: 'revoked'; readonly group: string } & ByProcess)
  // --- transactions
  | {
      readonly kind: 'transaction'
      readonly process: string | null
      readonly transactionalId: string
      readonly producerId: bigint
      readonly producerEpoch: number
      readonly phase:
        | 'initialised'
        | 'began'
        | 'prepare-commit'
        | 'prepare-abort'
        | 'committed'
        | 'aborted'
        | 'fenced'
    }
  // --- clients
  | ({
      readonly kind: 'consumer-started'
      readonly group: string
      readonly topics: readonly string[]
      /** Sources of the regular expressions that it subscribes to; absent: none. */
      readonly patterns?: readonly string[]
    } & ByProcess)
  /** The client gave up; with `restarts` it will try again by itself. */
  | ({
      readonly kind: 'consumer-crashed'
      readonly group: string
      readonly error: string
      readonly restarts: boolean
    } & ByProcess)
  /** The app told its client to deliver nothing of these partitions until it resumes them. */
  | ({
      readonly kind: 'consumer-paused'
      readonly group: string
      readonly partitions: readonly TopicPartition[]
    } & ByProcess)
  | ({
      readonly kind: 'consumer-resumed'
      readonly group: string
      readonly partitions: readonly TopicPartition[]
    } & ByProcess)
  /**
   * The app called what ends a consumer: `stop`, `disconnect`, `close`. `consumer-stopped` says
   * that it has ended.
   */
  | ({ readonly kind: 'consumer-stopping'; readonly group: string; readonly call: string } & ByProcess)
  | ({ readonly kind: 'consumer-stopped'; readonly group: string } & ByProcess)
  // --- processes
  | ({ readonly kind: 'process-started' } & ByProcess)
  | ({ readonly kind: 'process-crashed'; readonly reason: string } & ByProcess)
  | ({ readonly kind: 'process-paused' } & ByProcess)
  | ({ readonly kind: 'process-resumed' } & ByProcess)
  | ({ readonly kind: 'process-terminating' } & ByProcess)
  /**
   * A process ended by itself: `process.exit(code)`, or after SIGTERM when nothing was left to do.
   */
  | ({ readonly kind: 'process-exited'; readonly code: number; readonly asked: boolean } & ByProcess)
  /**
   * SIGTERM was sent and the process was still there when its grace period ended; it was killed.
   */
  | ({ readonly kind: 'shutdown-timeout'; readonly graceMs: number } & ByProcess)
  // --- the harness itself, apart from its faults
  | { readonly kind: 'phase'; readonly phase: 'safety' | 'drain' | 'end' }
  /** More than `events` happened at one virtual instant. */
  | { readonly kind: 'hot-loop'; readonly process: string | null; readonly events: number }
  | { readonly kind: 'drain-deadline'; readonly deadlineMs: number }
