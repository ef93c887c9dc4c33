import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { REASONS } from '../reasons.ts'
import { onSimulation } from './play.ts'
import { STORIES } from './stories.ts'

const FOLDER = path.resolve(import.meta.dirname, '../recorded')
const simulated = await onSimulation(STORIES)
const compared = STORIES.filter(({ row, title }) => REASONS[`${row} ${title}`] === undefined)

/** What three real brokers answered when they were last asked. */
describe.each(readdirSync(FOLDER))('three simulated brokers answer as Kafka did: %s', (file) => {
  const recorded = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Record<string, string[]>

  it.each(compared.map((story) => ({ story, name: `${story.row} ${story.title}` })))(
    '$name',
    ({ story, name }) => {
      expect(simulated.get(story)).toEqual(recorded[name])
    },
  )
})
