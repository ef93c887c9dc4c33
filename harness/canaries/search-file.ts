import path from 'node:path'
import type { Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { type SearchOutcome, search } from '../search/search.ts'

/** The folder of all bundled scenarios. */
export const SCENARIOS: string = path.resolve(import.meta.dirname, '../../scenarios')

/** Searches the bundled scenario in this file below `scenarios` with the default strategy. */
export async function searchFile(file: string, seed: string, runs: number): Promise<SearchOutcome> {
  const absolute = path.join(SCENARIOS, file)
  const { default: scenario } = (await import(absolute)) as { default: Scenario }
  const prepared = await prepareScenario(scenario, { file: absolute })
  return await search(prepared, { seed, runs, strategy: 'portfolio' })
}
