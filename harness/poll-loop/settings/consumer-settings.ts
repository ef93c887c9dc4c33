import { KafkaException } from '../errors.ts'
import { CLIENT_SETTINGS } from './client-settings.ts'
import {
  flag,
  type GivenSettings,
  list,
  oneOf,
  readSettings,
  type SettingOf,
  type SettingsOf,
  text,
  whole,
} from './setting.ts'

export type AssignorName = 'range' | 'roundrobin' | 'sticky' | 'cooperative-sticky'

/** The place to begin where there is no committed offset, or no record at it. */
export type ResetPolicy =
  | { readonly to: 'earliest' | 'latest' | 'none' }
  | { readonly to: 'duration'; readonly ms: number }

const ASSIGNORS: Readonly<Record<string, AssignorName>> = {
  range: 'range',
  roundrobin: 'roundrobin',
  sticky: 'sticky',
  'cooperative-sticky': 'cooperative-sticky',
  RangeAssignor: 'range',
  RoundRobinAssignor: 'roundrobin',
  StickyAssignor: 'sticky',
  CooperativeStickyAssignor: 'cooperative-sticky',
}

const CONSUMER_SETTINGS = {
  ...CLIENT_SETTINGS,
  'group.id': text(null),
  'group.instance.id': text(null),
  'group.protocol': oneOf(['classic', 'consumer'], 'classic'),
  'group.remote.assignor': text(null),
  'partition.assignment.strategy': list<AssignorName>(
    ['range', 'cooperative-sticky'],
    'range, roundrobin, sticky or cooperative-sticky, or a list of them',
    (name) => ASSIGNORS[name.replace(/^org\.apache\.kafka\.clients\.consumer\./, '')] ?? null,
  ),
  'session.timeout.ms': whole(45_000, 1),
  'heartbeat.interval.ms': whole(3_000, 1),
  'max.poll.interval.ms': whole(300_000, 1),
  'max.poll.records': whole(500, 1),
  'enable.auto.commit': flag(true),
  'auto.commit.interval.ms': whole(5_000),
  'auto.offset.reset': reset(),
  'isolation.level': oneOf(['read_uncommitted', 'read_committed'], 'read_uncommitted'),
  'fetch.min.bytes': whole(1),
  'fetch.max.wait.ms': whole(500),
  'fetch.max.bytes': whole(52_428_800),
  'max.partition.fetch.bytes': whole(1_048_576),
  'default.api.timeout.ms': whole(60_000),
  'allow.auto.create.topics': flag(true),
  'exclude.internal.topics': flag(true),
} as const

export type ConsumerSettings = SettingsOf<typeof CONSUMER_SETTINGS>
/** A consumer's settings by their Kafka names; what is left out has Kafka's default. */
export type GivenConsumerSettings = GivenSettings<typeof CONSUMER_SETTINGS>

/** @throws KafkaException `ConfigException`, with one sentence */
export function consumerSettings(given: GivenConsumerSettings): ConsumerSettings {
  const settings = readSettings(CONSUMER_SETTINGS, given, 'consumer')
  const grouped = settings['group.id'] !== null
  const wrong = (message: string): KafkaException => new KafkaException('ConfigException', message)
  if (settings['bootstrap.servers'].length === 0)
    throw wrong("'bootstrap.servers' is missing; give the addresses of brokers, as in 'localhost:9092'")
  // As in Java: without a group there is nothing to commit to, and by default nobody does.
  if (!grouped && given['enable.auto.commit'] === undefined)
    return { ...settings, 'enable.auto.commit': false }
  if (!grouped && settings['enable.auto.commit'])
    throw wrong("'enable.auto.commit' needs a 'group.id'; give one, or set it to false")
  if (settings['group.protocol'] === 'consumer') {
    for (const name of [
      'session.timeout.ms',
      'heartbeat.interval.ms',
      'partition.assignment.strategy',
    ] as const)
      if (given[name] !== undefined)
        throw wrong(
          `'${name}' cannot be set with group.protocol=consumer, where the broker decides; leave it out`,
        )
  } else if (settings['heartbeat.interval.ms'] >= settings['session.timeout.ms'])
    throw wrong(
      `'heartbeat.interval.ms' must be below 'session.timeout.ms' (${settings['session.timeout.ms']}), not ${settings['heartbeat.interval.ms']}`,
    )
  return settings
}

function reset(): SettingOf<ResetPolicy> {
  return {
    fallback: { to: 'latest' },
    read(value) {
      const words = String(value).toLowerCase()
      if (words === 'earliest' || words === 'latest' || words === 'none') return { value: { to: words } }
      const match = /^by_duration:P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(words)
      const given = match?.slice(1).some((each) => each !== undefined) ?? false
      if (!given) return { must: 'earliest, latest, none, or by_duration: with a duration such as PT1H' }
      const [days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? [])
        .slice(1)
        .map((each) => Number(each ?? 0))
      return { value: { to: 'duration', ms: (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 } }
    },
  }
}
