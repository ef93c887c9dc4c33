import type { Settings } from '../settings.ts'

/** Types of configuration values as DescribeConfigs numbers them. */
export const CONFIG_TYPES = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const

export interface TopicConfigDefinition {
  readonly name: string
  readonly type: keyof typeof CONFIG_TYPES
  /** Kafka's default, where no setting of the brokers gives one. */
  readonly default: string
  /** The brokers' setting that holds for topics which say nothing. */
  readonly setting: keyof Settings | null
  accepts(value: string): boolean
}

const LONG_MAX = '9223372036854775807'
const LONG_MAX_VALUE = BigInt(LONG_MAX)
const INT_MAX_VALUE = 2n ** 31n - 1n

type Source = string | { readonly setting: keyof Settings }

function define(
  name: string,
  type: TopicConfigDefinition['type'],
  source: Source,
  accepts: (value: string) => boolean,
): TopicConfigDefinition {
  return typeof source === 'string'
    ? { name, type, default: source, setting: null, accepts }
    : { name, type, default: '', setting: source.setting, accepts }
}

function whole(value: string, max: bigint): bigint | null {
  if (!/^[+-]?\d{1,19}$/.test(value.trim())) return null
  const number = BigInt(value.trim().replace('+', ''))
  return number <= max && number >= -max - 1n ? number : null
}

function long(name: string, source: Source, least?: number): TopicConfigDefinition {
  return define(name, 'long', source, (value) => {
    const number = whole(value, LONG_MAX_VALUE)
    return number !== null && (least === undefined || number >= BigInt(least))
  })
}

function int(name: string, source: Source, least?: number, most?: number): TopicConfigDefinition {
  return define(name, 'int', source, (value) => {
    const number = whole(value, INT_MAX_VALUE)
    if (number === null) return false
    return (least === undefined || number >= BigInt(least)) && (most === undefined || number <= BigInt(most))
  })
}

function boolean(name: string, source: Source): TopicConfigDefinition {
  return define(name, 'boolean', source, (value) => /^(true|false)$/i.test(value.trim()))
}

function choice(name: string, source: Source, values: readonly string[]): TopicConfigDefinition {
  return define(name, 'string', source, (value) => values.includes(value))
}

function list(name: string, source: Source, values: readonly string[] | null): TopicConfigDefinition {
  return define(
    name,
    'list',
    source,
    (value) => values === null || value.split(',').every((each) => values.includes(each.trim())),
  )
}

const ALL: readonly TopicConfigDefinition[] = [
  list('cleanup.policy', { setting: 'log.cleanup.policy' }, ['compact', 'delete']),
  int('compression.gzip.level', '-1', -1, 9),
  int('compression.lz4.level', '9', 1, 17),
  choice('compression.type', 'producer', ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer']),
  int('compression.zstd.level', '3', -131_072, 22),
  long('delete.retention.ms', { setting: 'log.cleaner.delete.retention.ms' }, 0),
  long('file.delete.delay.ms', '60000', 0),
  long('flush.messages', LONG_MAX, 1),
  long('flush.ms', LONG_MAX, 0),
  list('follower.replication.throttled.replicas', '', null),
  int('index.interval.bytes', '4096', 0),
  list('leader.replication.throttled.replicas', '', null),
  long('local.retention.bytes', '-2', -2),
  long('local.retention.ms', '-2', -2),
  long('max.compaction.lag.ms', { setting: 'log.cleaner.max.compaction.lag.ms' }, 1),
  int('max.message.bytes', { setting: 'message.max.bytes' }, 0),
  long('message.timestamp.after.max.ms', { setting: 'log.message.timestamp.after.max.ms' }, 0),
  long('message.timestamp.before.max.ms', { setting: 'log.message.timestamp.before.max.ms' }, 0),
  choice('message.timestamp.type', { setting: 'log.message.timestamp.type' }, [
    'CreateTime',
    'LogAppendTime',
  ]),
  define(
    'min.cleanable.dirty.ratio',
    'double',
    { setting: 'log.cleaner.min.cleanable.ratio' },
    (value) => value.trim() !== '' && Number(value) >= 0 && Number(value) <= 1,
  ),
  long('min.compaction.lag.ms', { setting: 'log.cleaner.min.compaction.lag.ms' }, 0),
  int('min.insync.replicas', '1', 1),
  boolean('preallocate', 'false'),
  boolean('remote.log.copy.disable', 'false'),
  boolean('remote.log.delete.on.disable', 'false'),
  boolean('remote.storage.enable', 'false'),
  long('retention.bytes', { setting: 'log.retention.bytes' }),
  long('retention.ms', { setting: 'log.retention.ms' }, -1),
  int('segment.bytes', { setting: 'log.segment.bytes' }, 14),
  int('segment.index.bytes', '10485760', 4),
  long('segment.jitter.ms', '0', 0),
  long('segment.ms', { setting: 'log.roll.ms' }, 1),
  boolean('unclean.leader.election.enable', 'false'),
]

/** Configurations of topics by name, in the order of their names (TopicConfig of Apache Kafka 4.1). */
export const TOPIC_CONFIGS: ReadonlyMap<string, TopicConfigDefinition> = new Map(
  ALL.map((definition) => [definition.name, definition]),
)
