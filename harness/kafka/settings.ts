import { UsageError } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import { isRelease } from './versions/profile.ts'

/** Broker settings by their Kafka names, with Kafka's defaults. */
export const SETTINGS_DEFAULT = {
  'auto.create.topics.enable': true,
  'num.partitions': 1,
  'default.replication.factor': 1,
  'min.insync.replicas': 1,
  'unclean.leader.election.enable': false,
  /**
   * Without a heartbeat for this long a broker is fenced. Only `controller-cut` causes that here.
   */
  'broker.session.timeout.ms': 9_000,
  'auto.leader.rebalance.enable': true,
  'leader.imbalance.check.interval.seconds': 300,
  'replica.lag.time.max.ms': 30_000,
  /**
   * Any name but the empty one is RackAwareReplicaSelector: consumers are sent to followers in
   * their racks (KIP-392).
   */
  'replica.selector.class': '',
  /** One for each broker, such as `a,b,b`. */
  'broker.rack': '',
  'replica.fetch.wait.max.ms': 500,
  /** Not Kafka's: the least and the most that a follower's fetch, and its answer, takes. */
  'onceover.replication.min.ms': 1,
  'onceover.replication.max.ms': 5,
  /**
   * Not Kafka's: how long after it was written a record is on the disk, and survives the crash of
   * its broker.
   */
  'onceover.log.flush.ms': 30_000,
  'group.initial.rebalance.delay.ms': 3_000,
  'group.min.session.timeout.ms': 6_000,
  'group.max.session.timeout.ms': 1_800_000,
  'group.max.size': 2_147_483_647,
  'group.consumer.session.timeout.ms': 45_000,
  'group.consumer.heartbeat.interval.ms': 5_000,
  'group.consumer.max.size': 2_147_483_647,
  /** The first one is used where members ask for none. */
  'group.consumer.assignors': 'uniform,range',
  'group.consumer.migration.policy': 'bidirectional',
  'group.consumer.regex.refresh.interval.ms': 600_000,
  'offset.metadata.max.bytes': 4_096,
  'offsets.retention.minutes': 10_080,
  'offsets.topic.num.partitions': 50,
  /** Kafka's is 3; 0 stands for `default.replication.factor`. */
  'offsets.topic.replication.factor': 0,
  'offsets.commit.timeout.ms': 5_000,
  'connections.max.idle.ms': 600_000,
  'connections.max.reauth.ms': 0,
  'connection.failed.authentication.delay.ms': 100,
  /**
   * Empty: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 where there are users, PLAIN and OAUTHBEARER
   * where everybody may enter.
   */
  'sasl.enabled.mechanisms': '',
  /**
   * Not Kafka's: users and passwords such as `alice:secret,bob:hunter2`; without one nobody may
   * connect.
   */
  'onceover.sasl.users': '',
  /**
   * Any name but the empty one, such as Kafka's
   * `org.apache.kafka.metadata.authorizer.StandardAuthorizer`: ACLs count.
   */
  'authorizer.class.name': '',
  /** Such as `User:admin;User:ANONYMOUS`. */
  'super.users': '',
  'allow.everyone.if.no.acl.found': false,
  /**
   * Not Kafka's: ACLs from the start, such as `allow User:alice Read Topic orders; deny User:* All
   * Topic payments-*`.
   */
  'onceover.acls': '',
  'quota.window.num': 11,
  'quota.window.size.seconds': 1,
  /**
   * Not Kafka's: quotas from the start, such as `client-id=app producer_byte_rate=1024;
   * user=<default> request_percentage=50`.
   */
  'onceover.client.quotas': '',
  /** Not Kafka's: what a request takes of a thread, for `request_percentage` only. */
  'onceover.request.time.ms': 0.2,
  'message.max.bytes': 1_048_588,
  'fetch.max.bytes': 57_671_680,
  'socket.request.max.bytes': 104_857_600,
  'producer.id.expiration.ms': 86_400_000,
  'producer.id.expiration.check.interval.ms': 600_000,
  'offsets.retention.check.interval.ms': 600_000,
  'delete.topic.enable': true,
  'max.incremental.fetch.session.cache.slots': 1_000,
  'log.cleanup.policy': 'delete',
  'log.retention.ms': 604_800_000,
  'log.retention.bytes': -1,
  'log.retention.check.interval.ms': 300_000,
  'log.initial.task.delay.ms': 30_000,
  'log.segment.bytes': 1_073_741_824,
  'log.roll.ms': 604_800_000,
  'log.cleaner.backoff.ms': 15_000,
  'log.cleaner.delete.retention.ms': 86_400_000,
  'log.cleaner.min.cleanable.ratio': 0.5,
  'log.cleaner.min.compaction.lag.ms': 0,
  'log.cleaner.max.compaction.lag.ms': Number.MAX_SAFE_INTEGER,
  'log.message.timestamp.type': 'CreateTime',
  'log.message.timestamp.before.max.ms': Number.MAX_SAFE_INTEGER,
  'log.message.timestamp.after.max.ms': 3_600_000,
  'transaction.max.timeout.ms': 900_000,
  'transactional.id.expiration.ms': 604_800_000,
  'transaction.state.log.num.partitions': 50,
  /** Kafka's is 3; 0 stands for `default.replication.factor`. */
  'transaction.state.log.replication.factor': 0,
  /** Of as many replicas as there are. */
  'transaction.state.log.min.isr': 2,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 10_000,
  'transaction.partition.verification.enable': true,
  /** Not Kafka's: the least and the most that a transaction marker takes to one partition. */
  'onceover.transaction.marker.min.ms': 1,
  'onceover.transaction.marker.max.ms': 40,
  /**
   * Not Kafka's: the finalized level of the feature `transaction.version`; 2 is KIP-890, 0 none.
   */
  'onceover.transaction.version': 2,
  /**
   * Not Kafka's: the finalized level of the feature `eligible.leader.replicas.version`; 1 is
   * KIP-966, 0 none, −1 what a new cluster of the brokers' release has: 1 with Kafka 4.1.
   */
  'onceover.eligible.leader.replicas.version': -1,
  /** Not Kafka's: how much longer a record of `__transaction_state` takes, replication aside. */
  'onceover.transaction.append.ms': 0,
  /** Not Kafka's: how long a coordinator that took over reads its log before it serves. */
  'onceover.coordinator.load.ms': 200,
  /** Not Kafka's: how much longer that takes for each record in the log; fractions are allowed. */
  'onceover.coordinator.load.record.ms': 0,
  /**
   * Not Kafka's: how long it takes to create `__consumer_offsets` and `__transaction_state` once
   * somebody looks for a coordinator; 0: they are there from the start.
   */
  'onceover.internal.topic.creation.ms': 0,
  /**
   * Not Kafka's: which release the brokers are of, by the versions that they serve: 2.4, 3.9 or
   * 4.1, or a list with one for each broker. Empty: everything that is served at all.
   */
  'onceover.release': '',
  /**
   * Not Kafka's: how long brokers still serve a topic whose deletion the controller has confirmed.
   */
  'onceover.topic.deletion.ms': 0,
} as const

type Widen<T> = T extends number ? number : T extends boolean ? boolean : string
export type Settings = {
  readonly [Name in keyof typeof SETTINGS_DEFAULT]: Widen<(typeof SETTINGS_DEFAULT)[Name]>
}

/** Whether brokers were given this value, or have it by default. */
export function isDefaultSetting(name: keyof Settings, value: Settings[keyof Settings]): boolean {
  return SETTINGS_DEFAULT[name] === value
}

/**
 * @throws UsageError for a name that the simulated brokers do not know, or a value of the wrong
 * type
 */
export function settingsFrom(given: Readonly<Record<string, string | number | boolean>> = NOTHING): Settings {
  const known = made.get(given)
  if (known !== undefined) return known
  const settings = checked(given)
  made.set(given, settings)
  return settings
}

const NOTHING = {}
/** One scenario's settings are the same object in each of its runs. */
const made: WeakMap<object, Settings> = new WeakMap()

function checked(given: Readonly<Record<string, string | number | boolean>>): Settings {
  for (const [name, value] of Object.entries(given)) {
    const known = (SETTINGS_DEFAULT as Record<string, unknown>)[name]
    if (known === undefined) {
      throw new UsageError(
        'bad-scenario',
        `the simulated brokers have no setting '${name}'; they know ${Object.keys(SETTINGS_DEFAULT).join(', ')}`,
      )
    }
    if (typeof known !== typeof value) {
      throw new UsageError(
        'bad-scenario',
        `the broker setting '${name}' must be a ${typeof known}, not ${jsonText(value)}`,
      )
    }
  }
  const settings = { ...SETTINGS_DEFAULT, ...given } as Settings
  const wrong = settings['onceover.release'].split(',').find((name) => name !== '' && !isRelease(name))
  if (wrong !== undefined) {
    throw new UsageError(
      'bad-scenario',
      `there is no release '${wrong}'; onceover.release takes 2.4, 3.9 or 4.1, or a list with one for each broker`,
    )
  }
  return settings
}

/**
 * A value as it is typed on a command line, in the type that the setting has; unknown names stay
 * text.
 */
export function settingFromText(name: string, text: string): string | number | boolean {
  const known = (SETTINGS_DEFAULT as Record<string, unknown>)[name]
  if (typeof known === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (typeof known === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}
