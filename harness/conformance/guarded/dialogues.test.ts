import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../reasons.ts'
import { DIALOGUES } from './dialogues.ts'
import { onSimulation } from './play.ts'

const FOLDER = path.resolve(import.meta.dirname, '../recorded')
const simulated = await onSimulation()
const compared = DIALOGUES.filter(({ row, title }) => REASONS[`${row} ${title}`] === undefined)

/** What real brokers answered when they were last asked. */
describe.each(readdirSync(FOLDER))('simulated brokers that demand SASL answer as Kafka did: %s', (file) => {
  const recorded = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Record<string, string[]>

  it.each(compared.map((dialogue) => ({ dialogue, name: `${dialogue.row} ${dialogue.title}` })))(
    '$name',
    ({ dialogue, name }) => {
      expect(simulated.get(dialogue)).toEqual(recorded[name])
    },
  )
})
