import { ERROR_CODES, type ErrorName, errorName } from '../kafka/index.ts'

/** Exceptions of the Java client by their simple names. */
export type ExceptionName =
  | 'AuthorizationException'
  | 'CommitFailedException'
  | 'ConcurrentModificationException'
  | 'ConfigException'
  | 'DisconnectException'
  | 'FencedInstanceIdException'
  | 'IllegalArgumentException'
  | 'IllegalStateException'
  | 'InvalidGroupIdException'
  | 'InvalidTopicException'
  | 'KafkaException'
  | 'LogTruncationException'
  | 'NoOffsetForPartitionException'
  | 'OffsetMetadataTooLarge'
  | 'OffsetOutOfRangeException'
  | 'ProducerFencedException'
  | 'InvalidProducerEpochException'
  | 'OutOfOrderSequenceException'
  | 'RebalanceInProgressException'
  | 'RetriableCommitFailedException'
  | 'TimeoutException'
  | 'UnsupportedVersionException'
  | 'WakeupException'

export interface ExceptionOptions {
  /** Kafka's error, where a broker answered one. */
  readonly error?: ErrorName | undefined
  /** True: the same call may succeed when it is made again. */
  readonly retriable?: boolean
  readonly cause?: unknown
}

/** Whatever goes wrong in a poll loop; `name` is the simple name of the exception in Java. */
export class KafkaException extends Error {
  /** Kafka's error, where a broker answered one. */
  readonly error: ErrorName | null
  readonly retriable: boolean

  constructor(name: ExceptionName, message: string, options: ExceptionOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = name
    this.error = options.error ?? null
    this.retriable = options.retriable ?? false
  }
}

/** Errors after which Kafka's own clients try again. */
const RETRIABLE: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'UNSTABLE_OFFSET_COMMIT',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'CONCURRENT_TRANSACTIONS',
  'BROKER_NOT_AVAILABLE',
])

const NAMED: Readonly<Partial<Record<ErrorName, ExceptionName>>> = {
  OFFSET_OUT_OF_RANGE: 'OffsetOutOfRangeException',
  OFFSET_METADATA_TOO_LARGE: 'OffsetMetadataTooLarge',
  FENCED_INSTANCE_ID: 'FencedInstanceIdException',
  INVALID_TOPIC_EXCEPTION: 'InvalidTopicException',
  TOPIC_AUTHORIZATION_FAILED: 'AuthorizationException',
  GROUP_AUTHORIZATION_FAILED: 'AuthorizationException',
  CLUSTER_AUTHORIZATION_FAILED: 'AuthorizationException',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'AuthorizationException',
  PRODUCER_FENCED: 'ProducerFencedException',
  INVALID_PRODUCER_EPOCH: 'InvalidProducerEpochException',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'OutOfOrderSequenceException',
  REBALANCE_IN_PROGRESS: 'RebalanceInProgressException',
  REQUEST_TIMED_OUT: 'TimeoutException',
  UNSUPPORTED_VERSION: 'UnsupportedVersionException',
}

/** A broker's refusal. @param what the request, as in "JoinGroup of group g" */
export function refused(code: number, what: string): KafkaException {
  const error = errorName(code)
  return new KafkaException(NAMED[error] ?? 'KafkaException', `${what} was refused: ${error}`, {
    error,
    retriable: RETRIABLE.has(error),
  })
}

export function isRetriable(error: unknown): boolean {
  return error instanceof KafkaException && error.retriable
}

export function isError(code: number, ...names: readonly ErrorName[]): boolean {
  return names.some((name) => ERROR_CODES[name] === code)
}

/** The connection ended before the answer came: whether the request was applied is unknown. */
export function disconnected(broker: string): KafkaException {
  return new KafkaException('DisconnectException', `the connection to ${broker} ended before its answer`, {
    retriable: true,
  })
}

export function timedOut(what: string, timeoutMs: number): KafkaException {
  return new KafkaException('TimeoutException', `${what} took longer than ${timeoutMs} ms`, {
    retriable: true,
  })
}

/** An error that is none of ours has no name in Java: it is kept as a cause. */
export function asException(error: unknown): KafkaException {
  if (error instanceof KafkaException) return error
  return new KafkaException('KafkaException', error instanceof Error ? error.message : String(error), {
    cause: error,
  })
}
