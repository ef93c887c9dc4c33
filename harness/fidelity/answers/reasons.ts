/** Why answers differ in a place, and are meant to. */
export interface Reason {
  readonly request: RegExp
  /** Of the difference. */
  readonly path: RegExp
  /** How the release begins; default: all. */
  readonly release?: string
  readonly why: string
}

const OLD =
  'Older clients are served, too, as the releases before 3.9 do: offsets of version 0 were in ZooKeeper.'
const NEW = 'Kafka 4 answers so.'
const GONE = 'Kafka 4 has dropped it.'
const OF_4_1 = 'The documentation is that of Kafka 4.1.'

/** Each of these is known and wanted; one that explains nothing fails. */
export const REASONS: readonly Reason[] = [
  {
    request: /^AlterConfigs: one topic twice$/,
    path: /^$/,
    why: 'The real broker fails over its own list and never answers; the client waits until it gives up.',
  },
  {
    request: /^ApiVersions: what is served$/,
    path: /^apiKeys\.(27|34|38|39|40|41|55|57|64|7[4-9]|8\d|9\d)$/,
    why: 'Requests between brokers, of log directories, delegation tokens, quorums, share and streams groups are not served.',
  },
  {
    request: /^ApiVersions: what is served$/,
    path: /^apiKeys\.17\.minVersion$/,
    why: 'SaslHandshake 0 is followed by tokens without frames, which no client of today sends.',
  },
  {
    request: /^ApiVersions: what is served$/,
    path: /^apiKeys\.[01]\.minVersion$/,
    release: '3.9',
    why: 'Records before format 2 are not served; Kafka 4 has dropped them (KIP-896).',
  },
  {
    request: /^(CreateTopics|DescribeConfigs): /,
    path: /configs\.message\.(downconversion\.enable|format\.version|timestamp\.difference\.max\.ms)$/,
    release: '3.9',
    why: GONE,
  },
  {
    request: /^(CreateTopics|DescribeConfigs): /,
    path: /configs\.message\.timestamp\.after\.max\.ms\.(value|synonyms\[0\]\.value)$/,
    release: '3.9',
    why: NEW,
  },
  {
    request: /^DescribeConfigs: .* with documentation$/,
    path: /\.documentation$/,
    release: '3.9',
    why: OF_4_1,
  },
  {
    request: /^CreateTopics: a number that is too small$/,
    path: /errorMessage$/,
    release: '3.9',
    why: NEW,
  },
  {
    request: /^(DescribeConfigs|AlterConfigs|IncrementalAlterConfigs): a group\b/,
    path: /^$|errorCode$|errorMessage$|configs$/,
    release: '3.9',
    why: `Groups have configurations since 4.0. ${NEW}`,
  },
  {
    request: /^DescribeConfigs: client metrics$/,
    path: /configs$/,
    release: '3.9',
    why: `Before 4.0 only subscriptions that are there have any. ${NEW}`,
  },
  {
    request: /^DescribeGroups: what may be done with it$/,
    path: /authorizedOperations$/,
    release: '3.9',
    why: NEW,
  },
  {
    request: /^ConsumerGroupDescribe: /,
    path: /errorCode$|errorMessage$/,
    release: '3.9',
    why: 'Groups of the consumer protocol are off in 3.9 unless they are switched on.',
  },
  {
    request: /^(OffsetFetch|OffsetCommit): /,
    path: /errorCode$|committedOffset$|metadata$/,
    release: '3.9',
    why: OLD,
  },
]
