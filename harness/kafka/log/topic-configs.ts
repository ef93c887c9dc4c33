import type { Settings } from '../settings.ts'
import {
  INTERNAL_SEGMENT_BYTES,
  TOPIC_CONFIGS,
  type TopicConfigDefinition,
} from './topic-config-definitions.ts'

/** The part of a topic's configuration that a log uses, parsed. */
export interface LogConfig {
  readonly deletes: boolean
  readonly compacts: boolean
  /** Negative: no limit. */
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly segmentMs: number
  readonly segmentBytes: number
  readonly logAppendTime: boolean
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly messageBytesMax: number
  readonly dirtyRatioMin: number
  readonly deleteRetentionMs: number
  readonly compactionLagMsMin: number
  readonly compactionLagMsMax: number
}

const defaults: WeakMap<Settings, LogConfig> = new WeakMap()

/**
 * The configuration of one topic: what it was given, above the brokers' settings, above Kafka's
 * defaults.
 */
export class TopicConfigs {
  readonly #settings: Settings
  #given: ReadonlyMap<string, string>
  #parsed: LogConfig | null = null

  constructor(settings: Settings, given: ReadonlyMap<string, string> = new Map()) {
    this.#settings = settings
    this.#given = given
  }

  /** The configurations given to the topic itself. */
  get given(): ReadonlyMap<string, string> {
    return this.#given
  }

  /** Takes the place of everything that was given before. */
  replace(given: ReadonlyMap<string, string>): void {
    this.#given = given
    this.#parsed = null
  }

  get(name: string): string {
    return this.#given.get(name) ?? brokerValue(TOPIC_CONFIGS.get(name), this.#settings)
  }

  get log(): LogConfig {
    if (this.#parsed !== null) return this.#parsed
    const known = this.#given.size === 0 ? defaults.get(this.#settings) : undefined
    this.#parsed = known ?? this.#parse()
    if (this.#given.size === 0) defaults.set(this.#settings, this.#parsed)
    return this.#parsed
  }

  #parse(): LogConfig {
    const number = (name: string): number => Number(this.get(name))
    const policies = this.get('cleanup.policy').split(',')
    return {
      deletes: policies.includes('delete'),
      compacts: policies.includes('compact'),
      retentionMs: number('retention.ms'),
      retentionBytes: number('retention.bytes'),
      segmentMs: number('segment.ms'),
      segmentBytes: number(
        this.#given.has(INTERNAL_SEGMENT_BYTES.name) ? INTERNAL_SEGMENT_BYTES.name : 'segment.bytes',
      ),
      logAppendTime: this.get('message.timestamp.type') === 'LogAppendTime',
      timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
      timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
      messageBytesMax: number('max.message.bytes'),
      dirtyRatioMin: number('min.cleanable.dirty.ratio'),
      deleteRetentionMs: number('delete.retention.ms'),
      compactionLagMsMin: number('min.compaction.lag.ms'),
      compactionLagMsMax: number('max.compaction.lag.ms'),
    }
  }
}

/** The value for a topic without a configuration of its own. */
export function brokerValue(definition: TopicConfigDefinition | undefined, settings: Settings): string {
  if (definition === undefined) return ''
  return definition.setting === null ? definition.default : settingText(settings[definition.setting])
}

/** As Kafka writes it; what is beyond our numbers is its largest long. */
export function settingText(value: Settings[keyof Settings]): string {
  return value === Number.MAX_SAFE_INTEGER ? '9223372036854775807' : String(value)
}

/** Why this value will not do, or null. */
export function configProblem(name: string, value: string | null): string | null {
  if (value === null) return `Null value not supported for topic configs: ${name}`
  return configsProblem(new Map([[name, value]]))
}

/**
 * Why these values will not do together, or null; as LogConfig.validate looks: at names, at values,
 * at what fits.
 */
export function configsProblem(given: ReadonlyMap<string, string>): string | null {
  const unknown = [...given.keys()].find((name) => definitionOf(name) === undefined)
  if (unknown !== undefined) return `Unknown topic config name: ${unknown}`
  for (const [name, value] of given) {
    const definition = definitionOf(name)
    for (const item of definition?.type === 'list' ? itemsOf(value) : [value]) {
      const problem = definition?.problem(item) ?? null
      if (problem !== null) return `Invalid value ${item} for configuration ${name}: ${problem}`
    }
  }
  const least = given.get('min.compaction.lag.ms')
  const most = given.get('max.compaction.lag.ms')
  return least !== undefined && most !== undefined && BigInt(least) > BigInt(most)
    ? `conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`
    : null
}

function itemsOf(list: string): string[] {
  return list.trim() === '' ? [] : list.split(',').map((each) => each.trim())
}

function definitionOf(name: string): TopicConfigDefinition | undefined {
  return name === INTERNAL_SEGMENT_BYTES.name ? INTERNAL_SEGMENT_BYTES : TOPIC_CONFIGS.get(name)
}
