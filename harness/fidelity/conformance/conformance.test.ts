import { expect, it } from 'vitest'
import { BEHAVIOURS } from './behaviours/index.ts'
import { DIALOGUES } from './guarded/dialogues.ts'
import { onSimulation } from './play.ts'
import { STORIES } from './several/stories.ts'
import { nameOf } from './table.ts'
import { comparesWithRecorded } from './testing/recorded.ts'

it('no two behaviours have the same name', () => {
  const names = [...BEHAVIOURS, ...DIALOGUES, ...STORIES].map(nameOf)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

comparesWithRecorded('the simulation answers as Kafka did', BEHAVIOURS, await onSimulation(BEHAVIOURS))
