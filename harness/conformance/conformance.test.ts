import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { BEHAVIOURS } from './behaviours/index.ts'
import { onSimulation } from './play.ts'
import { REASONS } from './reasons.ts'

const FOLDER = path.join(import.meta.dirname, 'recorded')
const simulated = await onSimulation(BEHAVIOURS)

it('no two behaviours have the same name', () => {
  const names = BEHAVIOURS.map(({ row, title }) => `${row} ${title}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

/** What real brokers answered when they were last asked; `npm run conformance -- --record` asks again. */
describe.each(readdirSync(FOLDER))('the simulation answers as Kafka did: %s', (file) => {
  const release = path.basename(file, '.json')
  const recorded = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Record<string, string[]>
  const known = BEHAVIOURS.filter(({ since }) => since === undefined || release.startsWith(since))
  const compared = known.filter(({ row, title }) => REASONS[`${row} ${title}`] === undefined)

  it.each(compared.map((behaviour) => ({ behaviour, name: `${behaviour.row} ${behaviour.title}` })))(
    '$name',
    ({ behaviour, name }) => {
      expect(simulated.get(behaviour)).toEqual(recorded[name])
    },
  )
})
