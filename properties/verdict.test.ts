import { expect, test } from 'vitest'
import type { Guarantee } from '../harness/core/guarantee.ts'
import type { Property } from '../harness/core/property.ts'
import { PROPERTY_NAMES } from '../harness/core/verdict.ts'
import { seen } from './finding.ts'
import { atLeastOnce, standing } from './models.ts'
import { settingOf, verdict } from './testing/check.ts'
import { historyOf } from './testing/history.ts'
import { FINDINGS_MAX, judge } from './verdict.ts'

const FINE = `
  topic orders
  append orders/0@0
  consumer-0 owns orders/0
  consumer-0 processes orders/0@0
  consumer-0 commits orders/0@1
  end`

test('held: every property that the guarantee speaks of held', () => {
  const { verdict: outcome, properties, violations, notes } = verdict(FINE)
  expect(outcome).toBe('held')
  expect([violations, notes]).toEqual([[], []])
  expect(new Set(Object.values(properties).map(({ outcome }) => outcome))).toEqual(new Set(['held']))
  const spokenOf = PROPERTY_NAMES.filter((name) => standing(atLeastOnce(), name) !== 'not checked')
  expect(new Set(Object.keys(properties))).toEqual(new Set(spokenOf))
})

test('violated: the finding comes at the event that makes it certain', () => {
  const ahead = historyOf(FINE.replace('processes', 'gets'))
  const judging = judge(settingOf())
  expect(ahead.events.map((event) => judging.observe(event)?.property)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'commit-ahead',
    undefined,
  ])
  const { properties, violations } = judging.finish()
  expect(violations.map(({ property }) => property)).toEqual(['lost-record', 'commit-ahead'])
  expect(properties['commit-ahead']).toEqual({ outcome: 'violated', findings: [violations[1]] })
})

test('undecided: the run ended before its drain', () => {
  const outcome = verdict(FINE.replace(/end$/, ''))
  expect(outcome.verdict).toBe('undecided')
  expect(outcome.properties['lost-record']).toEqual({
    outcome: 'undecided',
    reason: 'the run ended before its drain did',
  })
  expect(outcome.properties['duplicate-effect']).toEqual({ outcome: 'held' })
})

test('noted: what the model allows is told and does not count', () => {
  const history = `${FINE}
    consumer-0 commits orders/0@0`
  expect(verdict(history).verdict).toBe('held')
  expect(verdict(history).notes.map(({ property }) => property)).toEqual(['commit-regression'])
  expect(verdict(history, { guarantee: atLeastOnce({ strict: true }) }).verdict).toBe('violated')
})

test('a diagnosis is a note, and a violation under strict', () => {
  const history = `${FINE.replace(/end$/, '').replace('commits orders/0@1', 'revoked')}
    consumer-0 terminate
    consumer-0 exit asked`
  const left = (guarantee: Guarantee): readonly string[] =>
    verdict(history, { guarantee }).violations.map(({ property }) => property)
  expect(left(atLeastOnce())).toEqual([])
  expect(left(atLeastOnce({ strict: true }))).toEqual(['shutdown-hang'])
  expect(left(atLeastOnce({ strict: true, allow: ['shutdown-hang'] }))).toEqual([])
})

test('findings carry nothing but what the core knows', () => {
  const [finding] = verdict(FINE.replace('processes', 'gets')).violations
  expect(Object.keys(finding ?? {}).sort()).toEqual(['about', 'events', 'message', 'property'])
})

const always = (name: Property['name'], check: Property['check']): Property => ({
  name,
  when: 'online',
  check,
})

test('a checker that throws leaves its property undecided, and the others go on', () => {
  const broken = always('lost-record', () => ({
    observe() {
      throw new Error('boom')
    },
    finish: () => [],
  }))
  const brokenAtEnd = always('commit-ahead', () => ({
    observe: () => null,
    finish() {
      throw new Error('bang')
    },
  }))
  const brokenAtOnce = always('hot-loop', () => {
    throw new Error('crash')
  })
  let calls = 0
  const sound = always('duplicate-effect', () => ({
    observe() {
      calls += 1
      return null
    },
    finish: () => [],
  }))
  const judging = judge(settingOf(), [broken, brokenAtEnd, brokenAtOnce, sound])
  const { events } = historyOf(FINE)
  for (const event of events) judging.observe(event)
  const outcome = judging.finish()
  expect(calls).toBe(events.length)
  expect(outcome.verdict).toBe('undecided')
  expect(outcome.properties).toEqual({
    'lost-record': { outcome: 'undecided', reason: 'the checker failed: boom' },
    'commit-ahead': { outcome: 'undecided', reason: 'the checker failed: bang' },
    'hot-loop': { outcome: 'undecided', reason: 'the checker failed: crash' },
    'duplicate-effect': { outcome: 'held' },
  })
})

test('a violation stands although another checker failed', () => {
  const broken = always('hot-loop', () => {
    throw new Error('crash')
  })
  const sure = always('two-owners', () => ({
    observe: () => null,
    finish: () => [seen('two-owners', 'two', { events: [1] })],
  }))
  const judging = judge(settingOf({ guarantee: atLeastOnce({ strict: true }) }), [broken, sure])
  expect(judging.finish().verdict).toBe('violated')
})

test('each anomaly is kept once, and no more of a property than anyone reads', () => {
  const noisy = always('lost-record', () => ({
    observe: (event) => seen('lost-record', `finding ${event.seq >> 1}`, { events: [event.seq] }),
    finish: () => [],
  }))
  const judging = judge(settingOf(), [noisy])
  const { events } = historyOf(`consumer-0 processes orders/0@0..29`)
  const told = events.filter((event) => judging.observe(event) !== null)
  expect(told).toHaveLength(FINDINGS_MAX)
  expect(judging.finish().violations).toHaveLength(FINDINGS_MAX)
  expect(judging.finish().violations[1]?.message).toBe('finding 1')
})
