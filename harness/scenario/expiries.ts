import type { Scenario } from '../core/scenario.ts'

const MINUTE_MS = 60_000

/** Settings after which brokers forget something, with how often they look for it. */
const SETTINGS: readonly {
  readonly name: string
  readonly unitMs: number
  readonly lookedFor?: { readonly setting: string; readonly ms: number }
}[] = [
  {
    name: 'offsets.retention.minutes',
    unitMs: MINUTE_MS,
    lookedFor: { setting: 'offsets.retention.check.interval.ms', ms: 600_000 },
  },
  {
    name: 'log.retention.ms',
    unitMs: 1,
    lookedFor: { setting: 'log.retention.check.interval.ms', ms: 300_000 },
  },
  {
    name: 'producer.id.expiration.ms',
    unitMs: 1,
    lookedFor: { setting: 'producer.id.expiration.check.interval.ms', ms: 600_000 },
  },
  { name: 'transactional.id.expiration.ms', unitMs: 1 },
]

/**
 * Virtual milliseconds after which something expires that the app relies on, and that a scenario
 * names: its own `expiriesMs`, and what its brokers forget.
 */
export function expiriesOf({ expiriesMs = [], broker = {}, topics }: Scenario): readonly number[] {
  const intervalMs = (lookedFor: (typeof SETTINGS)[number]['lookedFor']): number =>
    lookedFor === undefined ? 0 : Number(broker[lookedFor.setting] ?? lookedFor.ms)
  const ofBrokers = SETTINGS.flatMap(({ name, unitMs, lookedFor }) =>
    broker[name] === undefined ? [] : [Number(broker[name]) * unitMs + intervalMs(lookedFor)],
  )
  const ofTopics = Object.values(topics).flatMap(({ configs = {} }) =>
    configs['retention.ms'] === undefined
      ? []
      : [Number(configs['retention.ms']) + intervalMs(SETTINGS[1]?.lookedFor)],
  )
  return [...new Set([...expiriesMs, ...ofBrokers, ...ofTopics])].filter((ms) => ms > 0).sort((a, b) => a - b)
}
