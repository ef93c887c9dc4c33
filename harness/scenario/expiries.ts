import type { Scenario } from '../core/scenario.ts'
import { SETTINGS_DEFAULT } from '../kafka/index.ts'
import { brokerSettings, flatScenario } from './clusters.ts'

const MINUTE_MS = 60_000

/** How often brokers look for segments of topics that are too old. */
const LOG_CHECK = 'log.retention.check.interval.ms'

/** Settings after which brokers forget something, with the one of how often they look for it. */
const EXPIRIES = [
  {
    setting: 'offsets.retention.minutes',
    unitMs: MINUTE_MS,
    check: 'offsets.retention.check.interval.ms',
  },
  { setting: 'log.retention.ms', unitMs: 1, check: LOG_CHECK },
  {
    setting: 'producer.id.expiration.ms',
    unitMs: 1,
    check: 'producer.id.expiration.check.interval.ms',
  },
  { setting: 'transactional.id.expiration.ms', unitMs: 1, check: null },
] as const

type CheckInterval = NonNullable<(typeof EXPIRIES)[number]['check']>

/**
 * Virtual milliseconds after which something expires that the app relies on, and that a scenario
 * names: its own `expiriesMs`, and what its brokers forget.
 */
export function expiriesOf(scenario: Scenario): readonly number[] {
  const { expiriesMs = [] } = scenario
  const ofClusters = brokerSettings(scenario).flatMap((broker) => {
    const intervalMs = (check: CheckInterval): number => Number(broker[check] ?? SETTINGS_DEFAULT[check])
    const ofBrokers = EXPIRIES.flatMap(({ setting, unitMs, check }) => {
      const given = broker[setting]
      if (given === undefined) return []
      return [Number(given) * unitMs + (check === null ? 0 : intervalMs(check))]
    })
    const ofTopics = Object.values(flatScenario(scenario).topics).flatMap(({ configs = {} }) => {
      const given = configs['retention.ms']
      return given === undefined ? [] : [Number(given) + intervalMs(LOG_CHECK)]
    })
    return [...ofBrokers, ...ofTopics]
  })
  return [...new Set([...expiriesMs, ...ofClusters])].filter((ms) => ms > 0).sort((a, b) => a - b)
}
