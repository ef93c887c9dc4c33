import { expect, it } from 'vitest'
import type { HistoryEvent } from '../../core/history.ts'
import { createStream } from '../../core/seed.ts'
import { baseSchedule, knowledgeOf } from '../arbitrary.ts'
import { GOALS_MAX, type Knowledge } from '../knowledge.ts'
import { type FakeOptions, fakeScenario } from '../testing/fake-scenario.ts'
import { goals } from './goals.ts'
import { handOvers } from './hand-overs.ts'

/** Goals that come true behind the event of this number, each by its message. */
async function reached(seqs: Readonly<Record<string, number>>): Promise<Knowledge> {
  const seen = (events: readonly HistoryEvent[]): readonly string[] =>
    Object.keys(seqs).filter((message) => events.length > (seqs[message] ?? 0))
  const calm = fakeScenario()
  const knowledge = knowledgeOf(calm, await calm.run(baseSchedule(calm, 'base')))
  const options: FakeOptions = { goals: ({ events }) => seen(events) }
  const run = await fakeScenario(options).run(knowledge.base)
  const texts = Object.keys(seqs).map((message) => `sometimes '${message}'`)
  knowledge.reach(texts, run)
  return knowledge
}

it('a goal behind which all hand-overs are tried leaves the turns of the plan to others', async () => {
  const calm = await reached({})
  const late = calm.calm.places.at(-3)?.event.seq ?? 0
  const knowledge = await reached({ early: 4, late })
  const plans = [...knowledge.goals.values()].map((run) => handOvers(run, { astray: null, struckUntil: 0 }))
  const [longer = [], shorter = []] = plans.toSorted((one, other) => other.length - one.length)
  expect(plans).toHaveLength(2)
  expect(shorter.length).toBeLessThan(longer.length / 2)
  const random = createStream('a')
  const tried = new Set<string>()
  for (let turn = 0; turn < 2 * (longer.length + shorter.length); turn += 1) {
    const schedule = goals.next({ turn, random, knowledge })
    for (const fault of schedule?.faults ?? []) tried.add(JSON.stringify(fault))
  }
  expect(plans.flat().filter((fault) => !tried.has(JSON.stringify(fault)))).toEqual([])
})

it('keeps the runs of so many goals and no more', async () => {
  const numbers = Array.from({ length: 2 * GOALS_MAX }, (_, index) => [`order ${index} is paid`, 4 + index])
  const knowledge = await reached(Object.fromEntries(numbers))
  expect([knowledge.goals.size, knowledge.reached]).toEqual([GOALS_MAX, null])
})
