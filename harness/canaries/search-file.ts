import path from 'node:path'
import { UsageError } from '../core/errors.ts'
import { type LoadedScenario, loadOneScenario, loadScenarioFile } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { releaseServices } from '../scenario/services.ts'
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
  try {
    const prepared = await prepareScenario(scenario, { file })
    return await search(prepared, { seed, runs, strategy: 'portfolio' })
  } finally {
    releaseServices(scenario)
  }
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

/** The correct services beside Kafka; without a PostgreSQL server, those that need none. */
export async function serviceScenarios(): Promise<readonly LoadedScenario[]> {
  const found: LoadedScenario[] = []
  for (const { folder, twin, needsServer = false } of SERVICES) {
    const file = `services/${folder}/${twin}`
    if (needsServer && (await serverMissing(file)) !== null) continue
    found.push(...(await loadScenarioFile(path.join(SCENARIOS, file))))
  }
  return found
}

/** Why this scenario, which needs a PostgreSQL server, can't be played here; null: it can. */
export async function serverMissing(file: string): Promise<string | null> {
  const absolute = path.join(SCENARIOS, file)
  const { services = {} } = await loadOneScenario(absolute)
  for (const [name, service] of Object.entries(services)) {
    try {
      await service.prepare?.({ name, folder: path.dirname(absolute) })
    } catch (error) {
      if (error instanceof UsageError && error.code === 'missing-package') return error.message
      throw error
    }
  }
  return null
}

/** All scenarios of `scenarios/style`: correct consumers, several in a file. */
export async function styleScenarios(): Promise<readonly LoadedScenario[]> {
  const files = ['kafkajs.ts', 'guarantees.ts', 'frames.ts', 'platformatic.ts'].map((name) =>
    path.join(SCENARIOS, 'style', name),
  )
  return (await Promise.all(files.map(loadScenarioFile))).flat()
}
