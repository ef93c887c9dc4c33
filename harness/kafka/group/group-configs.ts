import { kafkaConfigs } from '../config/kafka-configs.ts'
import type { Settings } from '../settings.ts'

const NOTHING: ReadonlyMap<string, string> = new Map()
const SESSION = 'consumer.session.timeout.ms'
const HEARTBEAT = 'consumer.heartbeat.interval.ms'
/** Brokers take no other values (`group.consumer.min.session.timeout.ms` and so on). */
const LIMITS: readonly (readonly [name: string, what: string, min: number, max: number])[] = [
  [HEARTBEAT, 'heartbeat.interval.ms', 5_000, 15_000],
  [SESSION, 'session.timeout.ms', 45_000, 60_000],
]

/**
 * The configurations that groups of the consumer protocol have of their own, above the brokers'
 * settings (KIP-848).
 */
export class GroupConfigs {
  readonly #settings: Settings
  readonly #given: Map<string, ReadonlyMap<string, string>> = new Map()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** The configurations that this group was given. */
  of(group: string): ReadonlyMap<string, string> {
    return this.#given.get(group) ?? NOTHING
  }

  /** Those that were given something, in that order. */
  get groups(): readonly string[] {
    return [...this.#given.keys()]
  }

  /** Takes the place of everything that was given before. */
  replace(group: string, given: ReadonlyMap<string, string>): void {
    if (given.size === 0) this.#given.delete(group)
    else this.#given.set(group, given)
  }

  /** Null where there is no such configuration. */
  value(group: string, name: string): string | null {
    const own = this.of(group).get(name)
    if (own !== undefined) return own
    if (name === SESSION) return String(this.#settings['group.consumer.session.timeout.ms'])
    if (name === HEARTBEAT) return String(this.#settings['group.consumer.heartbeat.interval.ms'])
    return kafkaConfigs('group').get(name)?.default ?? null
  }

  sessionTimeoutMs(group: string): number {
    return this.#given.size === 0
      ? this.#settings['group.consumer.session.timeout.ms']
      : Number(this.value(group, SESSION))
  }

  heartbeatIntervalMs(group: string): number {
    return this.#given.size === 0
      ? this.#settings['group.consumer.heartbeat.interval.ms']
      : Number(this.value(group, HEARTBEAT))
  }

  /** Why a group cannot have these, as Kafka says it (GroupConfig.validate), or null. */
  problem(given: ReadonlyMap<string, string>): string | null {
    const definitions = kafkaConfigs('group')
    const unknown = [...given.keys()].find((name) => !definitions.has(name))
    if (unknown !== undefined) return `Unknown group config name: ${unknown}`
    for (const [name, value] of given) {
      if (definitions.get(name)?.type !== 'int') continue
      const wrong = (why: string): string => `Invalid value ${value} for configuration ${name}: ${why}`
      if (!/^[+-]?\d{1,9}$/.test(value.trim())) return wrong('Not a number of type INT')
      const least = name === 'share.record.lock.duration.ms' ? 1_000 : name.includes('standby') ? 0 : 1
      if (Number(value) < least) return wrong(`Value must be at least ${least}`)
    }
    for (const [name, what, min, max] of LIMITS) {
      const value = Number(given.get(name) ?? min)
      if (value < min) return `${name} must be greater than or equal to group.consumer.min.${what}`
      if (value > max) return `${name} must be less than or equal to group.consumer.max.${what}`
    }
    return null
  }
}
