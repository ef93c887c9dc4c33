import { expect, it } from 'vitest'
import { namedEvents } from '../core/event-names.ts'
import type { Fault, Hold } from '../core/fault.ts'
import type { StoryLine } from '../core/story.ts'
import { baseSchedule } from './arbitrary.ts'
import { continuations } from './continuations.ts'
import { fakeScenario } from './testing/fake-scenario.ts'

const crashAt = (event: string): Fault => ({
  kind: 'crash',
  target: 'consumer-0',
  at: { event },
  restartMs: 1_000,
})
const holdAt = (event: string): Hold => ({ event, durationMs: 10 })
const lineOf = (seq: number): StoryLine => ({
  lane: 'consumer-0',
  text: 'works',
  mark: 'work',
  timeUs: 0,
  events: [seq],
})

it('takes up to a step what has struck or was held by then, and ends two steps behind the last that went well', async () => {
  const fake = fakeScenario({ defect: ({ begun }) => (begun.has(0) ? 'lost-record' : null) })
  const base = baseSchedule(fake, 'base')
  const places = namedEvents((await fake.run(base)).history.events)
  const [early = '', late = ''] = [places[3]?.name, places.at(-3)?.name]
  const schedule = { ...base, faults: [crashAt(early), crashAt(late)], holds: [holdAt(early), holdAt(late)] }
  const result = await fake.run(schedule)
  const [first = -1] = result.history.events.flatMap(({ kind, seq }) => (kind === 'fault' ? [seq] : []))
  fake.runs.length = 0
  const story = [1, first, first + 1, first + 2].map(lineOf)
  const tried = await continuations(fake, { result, property: 'lost-record', story })
  expect(tried.map(({ step, failed }) => [step, failed])).toEqual([
    [0, 0],
    [1, 0],
    [2, 6],
    [3, 6],
  ])
  const struck = fake.runs.map(({ faults, holds }) => [faults.length, ...holds.map(({ event }) => event)])
  expect(struck).toEqual([
    ...Array.from({ length: 12 }, () => [0]),
    ...Array.from({ length: 12 }, () => [1, early]),
  ])
  expect(new Set(fake.runs.slice(0, 6).map(({ seed }) => seed)).size).toBe(6)
})
