import { createRequire } from 'node:module'

/** Types of values as DescribeConfigs numbers them. */
export const CONFIG_TYPES = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const
export type ConfigType = keyof typeof CONFIG_TYPES

/** A kind of thing that has configurations of its own. */
export type ConfigOwner = 'broker' | 'topic' | 'group' | 'metrics'

/** A configuration as Kafka 4.1 defines it. */
export interface KafkaConfig {
  readonly name: string
  readonly type: ConfigType
  /** Null: none. */
  readonly default: string | null
  /** Whether it can be changed while brokers run. */
  readonly isDynamic: boolean
  /** HTML, as in Kafka's handbook. */
  readonly documentation: string
}

type ConfigRow = readonly [
  name: string,
  type: ConfigType,
  byDefault: string | null,
  isDynamic: 0 | 1,
  documentation: string,
]

const loaded: Map<ConfigOwner, ReadonlyMap<string, KafkaConfig>> = new Map()

/**
 * By name, in the order of names. Of 100 kB, which few ever look at: read when somebody does. Made
 * from the jars of Apache Kafka 4.1.0 by `npm run answers -- --definitions`.
 */
export function kafkaConfigs(owner: ConfigOwner): ReadonlyMap<string, KafkaConfig> {
  if (loaded.size === 0) {
    const all = createRequire(import.meta.url)('./kafka-4.1.json') as Readonly<
      Record<ConfigOwner, readonly ConfigRow[]>
    >
    for (const [of, rows] of Object.entries(all)) loaded.set(of as ConfigOwner, new Map(rows.map(toConfig)))
  }
  return loaded.get(owner) ?? new Map()
}

function toConfig([name, type, byDefault, isDynamic, documentation]: ConfigRow): [string, KafkaConfig] {
  return [name, { name, type, default: byDefault, isDynamic: isDynamic === 1, documentation }]
}
