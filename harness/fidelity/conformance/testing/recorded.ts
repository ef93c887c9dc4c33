import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { reasonOf } from '../reasons.ts'
import { type Named, nameOf, type PlayedBehaviours } from '../table.ts'

const FOLDER = path.resolve(import.meta.dirname, '../recorded')

/**
 * Compares what was played on the simulation with what real brokers of each release answered when
 * they were last asked.
 */
export function comparesWithRecorded(
  title: string,
  all: readonly (Named & { readonly since?: string })[],
  simulated: PlayedBehaviours,
): void {
  describe.each(readdirSync(FOLDER))(`${title}: %s`, (file) => {
    const release = path.basename(file, '.json')
    const recorded = JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Record<string, string[]>
    const known = all.filter(({ since }) => since === undefined || release.startsWith(since))
    const compared = known.filter((each) => reasonOf(each) === null)

    it.each(compared.map((each) => ({ each, name: nameOf(each) })))('$name', ({ each, name }) => {
      expect(simulated.get(each)).toEqual(recorded[name])
    })
  })
}
