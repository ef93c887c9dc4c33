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
}

/** All scenarios of `scenarios/field`: those with a replay file beside them have a defect. */
export function fieldScenarios(): readonly FieldScenario[] {
  const names = readdirSync(FOLDER).filter((name) => /^[a-z]\d\d.*\.ts$/.test(name))
  return names.map((name) => {
    const replay = path.join(FOLDER, name.replace(/\.ts$/, '.json'))
    if (!existsSync(replay)) return { file: `field/${name}`, violates: null }
    const { violation } = JSON.parse(readFileSync(replay, 'utf8')) as Counterexample
    return { file: `field/${name}`, violates: violation.property }
  })
}
