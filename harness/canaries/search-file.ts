import path from 'node:path'
import { type LoadedScenario, loadOneScenario, loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { type SearchOutcome, search } from '../search/search.ts'
import { searchesOf } from './defect.interface.ts'
import { DEFECTS } from './defects.ts'
import { SERVICES } from './services.ts'

/** The folder of all bundled scenarios. */
export const SCENARIOS: string = path.resolve(import.meta.dirname, '../../scenarios')

/** Searches the bundled scenario in this file below `scenarios` with the default strategy. */
export async function searchFile(file: string, seed: string, runs: number): Promise<SearchOutcome> {
  const absolute = path.join(SCENARIOS, file)
  const scenario = await loadOneScenario(absolute)
  return await searchScenario({ scenario, file: absolute }, seed, runs)
}

/** Searches a scenario with the default strategy. */
export async function searchScenario(
  { scenario, file }: LoadedScenario,
  seed: string,
  runs: number,
): Promise<SearchOutcome> {
  const prepared = await prepareScenario(scenario, { file })
  return await search(prepared, { seed, runs, strategy: 'portfolio' })
}

/** The correct services beside those with a defect, on each client. */
export async function twinScenarios(): Promise<readonly LoadedScenario[]> {
  const files = DEFECTS.flatMap(({ folder, defect }) =>
    defect.services.flatMap((service) =>
      searchesOf(service).flatMap((search) =>
        typeof search !== 'string' && search.must === 'hold'
          ? [path.join(SCENARIOS, folder, search.file)]
          : [],
      ),
    ),
  )
  return (await Promise.all(files.map(loadScenarioFile))).flat()
}

/** The correct services beside Kafka. */
export async function serviceScenarios(): Promise<readonly LoadedScenario[]> {
  const files = SERVICES.map(({ folder, twin }) => path.join(SCENARIOS, 'services', folder, twin))
  return (await Promise.all(files.map(loadScenarioFile))).flat()
}

/** All scenarios of `scenarios/style`: correct consumers, several in a file. */
export async function styleScenarios(): Promise<readonly LoadedScenario[]> {
  const files = ['kafkajs.ts', 'guarantees.ts'].map((name) => path.join(SCENARIOS, 'style', name))
  return (await Promise.all(files.map(loadScenarioFile))).flat()
}
