import type { ConfigType } from '../config/kafka-configs.ts'
import type { Settings } from '../settings.ts'

export interface TopicConfigDefinition {
  readonly name: string
  readonly type: ConfigType
  /** Kafka's default, where no setting of the brokers gives one. */
  readonly default: string
  /** The brokers' setting that holds for topics which say nothing. */
  readonly setting: keyof Settings | null
  /**
   * Kafka's name of that setting where these brokers do not have it; null where Kafka has none
   * either.
   */
  readonly brokerName: string | null
  /**
   * Why this value will not do, of a list one item, as Kafka says it behind the value; null: it
   * will.
   */
  problem(value: string): string | null
}

const LONG_MAX = '9223372036854775807'
const LONG_MAX_VALUE = BigInt(LONG_MAX)
const INT_MAX_VALUE = 2n ** 31n - 1n

type ConfigSource =
  | string
  | { readonly setting: keyof Settings }
  | { readonly value: string; readonly broker: string }

function define(
  name: string,
  type: TopicConfigDefinition['type'],
  source: ConfigSource,
  problem: (value: string) => string | null,
): TopicConfigDefinition {
  const made = { name, type, default: '', setting: null, brokerName: null, problem }
  if (typeof source === 'string') return { ...made, default: source }
  if ('setting' in source) return { ...made, setting: source.setting }
  return { ...made, default: source.value, brokerName: source.broker }
}

function whole(value: string, max: bigint): bigint | null {
  if (!/^[+-]?\d{1,19}$/.test(value.trim())) return null
  const number = BigInt(value.trim().replace('+', ''))
  return number <= max && number >= -max - 1n ? number : null
}

/** As ConfigDef.Range says it. */
function beyond(number: bigint | number, least?: number, most?: number): string | null {
  if (least !== undefined && number < least) return `Value must be at least ${least}`
  return most !== undefined && number > most ? `Value must be no more than ${most}` : null
}

function long(name: string, source: ConfigSource, least?: number): TopicConfigDefinition {
  return define(name, 'long', source, (value) => {
    const number = whole(value, LONG_MAX_VALUE)
    return number === null ? 'Not a number of type LONG' : beyond(number, least)
  })
}

function int(name: string, source: ConfigSource, least?: number, most?: number): TopicConfigDefinition {
  return define(name, 'int', source, (value) => {
    const number = whole(value, INT_MAX_VALUE)
    return number === null ? 'Not a number of type INT' : beyond(number, least, most)
  })
}

function boolean(name: string, source: ConfigSource): TopicConfigDefinition {
  return define(name, 'boolean', source, (value) =>
    /^(true|false)$/i.test(value.trim()) ? null : 'Expected value to be either true or false',
  )
}

function choice(name: string, source: ConfigSource, values: readonly string[]): TopicConfigDefinition {
  return define(name, 'string', source, (value) =>
    values.includes(value) ? null : `String must be one of: ${values.join(', ')}`,
  )
}

function list(name: string, source: ConfigSource, values: readonly string[] | null): TopicConfigDefinition {
  return define(name, 'list', source, (item) =>
    values === null || values.includes(item) ? null : `String must be one of: ${values.join(', ')}`,
  )
}

function gzipLevelProblem(value: string): string | null {
  const number = whole(value, INT_MAX_VALUE)
  if (number === null) return 'Not a number of type INT'
  if (number > 9 || (number < 1 && number !== -1n)) return 'Value must be between 1 and 9 or equal to -1'
  return null
}

const ALL: readonly TopicConfigDefinition[] = [
  list('cleanup.policy', { setting: 'log.cleanup.policy' }, ['compact', 'delete']),
  {
    ...int('compression.gzip.level', { value: '-1', broker: 'compression.gzip.level' }, -1, 9),
    problem: gzipLevelProblem,
  },
  int('compression.lz4.level', { value: '9', broker: 'compression.lz4.level' }, 1, 17),
  choice('compression.type', { value: 'producer', broker: 'compression.type' }, [
    'uncompressed',
    'zstd',
    'lz4',
    'snappy',
    'gzip',
    'producer',
  ]),
  int('compression.zstd.level', { value: '3', broker: 'compression.zstd.level' }, -131_072, 22),
  long('delete.retention.ms', { setting: 'log.cleaner.delete.retention.ms' }, 0),
  long('file.delete.delay.ms', { value: '60000', broker: 'log.segment.delete.delay.ms' }, 0),
  long('flush.messages', { value: LONG_MAX, broker: 'log.flush.interval.messages' }, 1),
  long('flush.ms', LONG_MAX, 0),
  list('follower.replication.throttled.replicas', '', null),
  int('index.interval.bytes', { value: '4096', broker: 'log.index.interval.bytes' }, 0),
  list('leader.replication.throttled.replicas', '', null),
  long('local.retention.bytes', { value: '-2', broker: 'log.local.retention.bytes' }, -2),
  long('local.retention.ms', { value: '-2', broker: 'log.local.retention.ms' }, -2),
  long('max.compaction.lag.ms', { setting: 'log.cleaner.max.compaction.lag.ms' }, 1),
  int('max.message.bytes', { setting: 'message.max.bytes' }, 0),
  long('message.timestamp.after.max.ms', { setting: 'log.message.timestamp.after.max.ms' }, 0),
  long('message.timestamp.before.max.ms', { setting: 'log.message.timestamp.before.max.ms' }, 0),
  choice('message.timestamp.type', { setting: 'log.message.timestamp.type' }, [
    'CreateTime',
    'LogAppendTime',
  ]),
  define('min.cleanable.dirty.ratio', 'double', { setting: 'log.cleaner.min.cleanable.ratio' }, (value) => {
    const number = value.trim() === '' ? Number.NaN : Number(value)
    return Number.isNaN(number) ? 'Not a number of type DOUBLE' : beyond(number, 0, 1)
  }),
  long('min.compaction.lag.ms', { setting: 'log.cleaner.min.compaction.lag.ms' }, 0),
  int('min.insync.replicas', { setting: 'min.insync.replicas' }, 1),
  boolean('preallocate', { value: 'false', broker: 'log.preallocate' }),
  boolean('remote.log.copy.disable', 'false'),
  boolean('remote.log.delete.on.disable', 'false'),
  boolean('remote.storage.enable', 'false'),
  long('retention.bytes', { setting: 'log.retention.bytes' }),
  long('retention.ms', { setting: 'log.retention.ms' }, -1),
  int('segment.bytes', { setting: 'log.segment.bytes' }, 1_048_576),
  int('segment.index.bytes', { value: '10485760', broker: 'log.index.size.max.bytes' }, 4),
  long('segment.jitter.ms', '0', 0),
  long('segment.ms', { setting: 'log.roll.ms' }, 1),
  boolean('unclean.leader.election.enable', { setting: 'unclean.leader.election.enable' }),
]

/**
 * Configurations of topics by name, in the order of their names (TopicConfig of Apache Kafka 4.1).
 */
export const TOPIC_CONFIGS: ReadonlyMap<string, TopicConfigDefinition> = new Map(
  ALL.map((definition) => [definition.name, definition]),
)

/** Accepted, never described: Kafka's internal switch for small segments in tests. */
export const INTERNAL_SEGMENT_BYTES: TopicConfigDefinition = int('internal.segment.bytes', '', 1)
