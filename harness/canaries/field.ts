import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Counterexample } from '../core/counterexample.ts'
import type { PropertyName } from '../core/verdict.ts'
import { SCENARIOS } from './search-file.ts'

const FOLDER = path.join(SCENARIOS, 'field')

/** A consumer after a public report. */
export interface FieldScenario {
  /** Below `scenarios`. */
  readonly file: string
  /** The property that its replay file violates; null: it is correct. */
  readonly violates: PropertyName | null
  /** Why a search of 2,000 schedules is not expected to find its defect, or null. */
  readonly gap: string | null
}

/** Defects that are replayed only: the search does not find them yet. */
const GAPS: Readonly<Record<string, string>> = {
  'f13-restarts-twice.ts': 'takes two faults; none of 2,000 schedules with seed 1 has both',
}

/** All scenarios of `scenarios/field`: those with a replay file beside them have a defect. */
export function fieldScenarios(): readonly FieldScenario[] {
  const names = readdirSync(FOLDER).filter((name) => /^[a-z]\d\d.*\.ts$/.test(name))
  return names.map((name) => {
    const replay = path.join(FOLDER, name.replace(/\.ts$/, '.json'))
    if (!existsSync(replay)) return { file: `field/${name}`, violates: null, gap: null }
    const { violation } = JSON.parse(readFileSync(replay, 'utf8')) as Counterexample
    return { file: `field/${name}`, violates: violation.property, gap: GAPS[name] ?? null }
  })
}
