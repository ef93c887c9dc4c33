import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { tell } from '../../properties/index.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PropertyName } from '../core/verdict.ts'
import { loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { STORY_CHECKS, storyComplaints, type ToldStory } from './story-checks.ts'

/*
 * Counterexamples that are in the repository. Those of services, of NestJS and of published
 * packages are looked at where they are found: `npm run scenarios`, `npm run nest`, `npm test` with
 * the packages in place.
 */

const ROOT = path.resolve(import.meta.dirname, '../..')

interface ToldCounterexample {
  readonly scenario: string
  readonly name: string
  readonly property: PropertyName
  readonly schedule: Schedule
}

/** Shrunk counterexamples of the mutants; the museum and the field have theirs in replay files. */
const COUNTEREXAMPLES: readonly ToldCounterexample[] = [
  ...(JSON.parse(
    readFileSync(path.join(import.meta.dirname, 'counterexamples.json'), 'utf8'),
  ) as readonly ToldCounterexample[]),
  ...globSync(path.join(ROOT, 'scenarios/{museum,field}/*.json'))
    .sort()
    .map((file): ToldCounterexample => {
      const { scenario, schedule, violation } = JSON.parse(readFileSync(file, 'utf8'))
      const at = path.relative(ROOT, path.join(path.dirname(file), scenario.file))
      return { scenario: at, name: scenario.name, property: violation.property, schedule }
    }),
]

async function shownBy({ scenario, name, property, schedule }: ToldCounterexample): Promise<ToldStory> {
  const file = path.join(ROOT, scenario)
  const loaded = await loadScenarioFile(file)
  const found = loaded.find((each) => each.scenario.name === name)
  if (found === undefined) throw new Error(`${scenario} has no scenario '${name}'`)
  const prepared = await prepareScenario(found.scenario, { file })
  const { history, verdict } = await prepared.run(schedule, { stopAt: property })
  const finding = verdict.violations.find((each) => each.property === property)
  if (finding === undefined) throw new Error(`${name} no longer shows ${property}`)
  return { events: history.events, finding, ...tell(history, finding) }
}

describe.each(COUNTEREXAMPLES)('$name ($property)', (counterexample) => {
  let told: ToldStory
  beforeAll(async () => {
    told = await shownBy(counterexample)
  })

  it.each(Object.entries(STORY_CHECKS))('%s', (_title, check) => {
    expect(check(told)).toEqual([])
  })
})

it('finds sentences that a history contradicts', async () => {
  const [counterexample] = COUNTEREXAMPLES
  if (counterexample === undefined) throw new Error('there is none')
  const told = await shownBy(counterexample)
  const complaints = (more: Partial<ToldStory>): number => storyComplaints({ ...told, ...more }).length
  expect(complaints({})).toBe(0)
  expect(complaints({ sentence: `${told.sentence} consumer-9 crashed.` })).toBe(2)
  expect(complaints({ story: told.story.filter(({ fault }) => fault === undefined) })).toBe(1)
  const [first, ...others] = told.story
  if (first === undefined) throw new Error('it has no story')
  expect(complaints({ story: [{ ...first, text: `${first.text} at offset 4711` }, ...others] })).toBe(1)
  expect(complaints({ story: [{ ...first, timeUs: 1 }, ...others] })).toBe(1)
  expect(complaints({ story: [{ ...first, text: 'undefined' }, ...others] })).toBe(1)
})
