import type { Guarantee } from '../../harness/core/guarantee.ts'
import type { Setting } from '../../harness/core/property.ts'
import type { Finding, PropertyName, Verdict } from '../../harness/core/verdict.ts'
import type { SeenFinding } from '../finding.ts'
import { atLeastOnce } from '../models.ts'
import { judge, PROPERTIES } from '../verdict.ts'
import { historyOf } from './history.ts'

export interface TestSetting {
  readonly guarantee?: Guarantee
  readonly effects?: Setting['effects']
  readonly effectsOfRecord?: Setting['effectsOfRecord']
  readonly identity?: Setting['identity']
  readonly measures?: Setting['measures']
  readonly consumed?: readonly string[]
  readonly holds?: boolean
}

/** Effects are reported and `orders` is consumed, unless a test says otherwise. */
export function settingOf({
  guarantee,
  effects,
  effectsOfRecord = 'labelled',
  identity,
  measures,
  consumed,
  holds = false,
}: TestSetting = {}): Setting {
  return {
    guarantee: guarantee ?? atLeastOnce(),
    effects: effects ?? 'reported',
    effectsOfRecord,
    ...(identity === undefined ? {} : { identity }),
    ...(measures === undefined ? {} : { measures }),
    consumed: consumed ?? ['orders'],
    holds,
    workload: { consumers: 2, brokers: 1, topics: {}, records: [] },
  }
}

/** Everything that the checker of this property sees in this history, forbidden or not. */
export function see(property: PropertyName, text: string, setting: TestSetting = {}): readonly SeenFinding[] {
  const found = PROPERTIES.find(({ name }) => name === property)
  if (found === undefined) throw new Error(`no checker for ${property}`)
  const checker = found.check(settingOf(setting))
  const online = historyOf(text).events.map((event) => checker.observe(event))
  return [...online.filter((finding) => finding !== null), ...checker.finish()]
}

/** The sentences of `see`. */
export function sentences(
  property: PropertyName,
  text: string,
  setting: TestSetting = {},
): readonly string[] {
  return see(property, text, setting).map(({ message }) => message)
}

/**
 * The verdict of all properties, and the first forbidden finding that came while the run went on.
 */
export function verdict(
  text: string,
  setting: TestSetting = {},
): Verdict & { readonly online: Finding | null } {
  const judging = judge(settingOf(setting))
  let online: Finding | null = null
  for (const event of historyOf(text).events) {
    const finding = judging.observe(event)
    online ??= finding
  }
  return { ...judging.finish(), online }
}
