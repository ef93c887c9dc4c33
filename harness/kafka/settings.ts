import { UsageError } from '../core/errors.ts'

/** Broker settings by their Kafka names, with Kafka's defaults. */
const DEFAULTS = {
  'auto.create.topics.enable': true,
  'num.partitions': 1,
  'group.initial.rebalance.delay.ms': 3_000,
  'group.min.session.timeout.ms': 6_000,
  'group.max.session.timeout.ms': 1_800_000,
  'group.max.size': 2_147_483_647,
  'offset.metadata.max.bytes': 4_096,
  'offsets.retention.minutes': 10_080,
  'offsets.topic.num.partitions': 50,
  'connections.max.idle.ms': 600_000,
  'message.max.bytes': 1_048_588,
  'producer.id.expiration.ms': 86_400_000,
  /** Not Kafka's: how long a coordinator that took over reads its log before it serves. */
  'onceover.coordinator.load.ms': 200,
} as const

type Widen<T> = T extends number ? number : T extends boolean ? boolean : string
export type Settings = { readonly [Name in keyof typeof DEFAULTS]: Widen<(typeof DEFAULTS)[Name]> }

/** @throws UsageError for a name that the simulated brokers do not know, or a value of the wrong type */
export function settingsFrom(given: Readonly<Record<string, string | number | boolean>> = {}): Settings {
  for (const [name, value] of Object.entries(given)) {
    const known = (DEFAULTS as Record<string, unknown>)[name]
    if (known === undefined) {
      throw new UsageError(
        'bad-scenario',
        `the simulated brokers have no setting '${name}'; they know ${Object.keys(DEFAULTS).join(', ')}`,
      )
    }
    if (typeof known !== typeof value) {
      throw new UsageError(
        'bad-scenario',
        `the broker setting '${name}' must be a ${typeof known}, not ${JSON.stringify(value)}`,
      )
    }
  }
  return { ...DEFAULTS, ...given } as Settings
}
