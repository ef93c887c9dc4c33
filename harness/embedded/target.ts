import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ToCheck } from '../check/check.ts'
import { UsageError } from '../core/errors.ts'
import type { Scenario } from '../core/scenario.ts'
import { scenarioApps } from '../scenario/apps.ts'
import { definedIn } from '../scenario/define.ts'
import { loadScenarioFile, shownPath } from '../scenario/load.ts'

/**
 * A scenario as it is, or that of a file; relative paths start at the working directory.
 * @throws UsageError where the file has none or several
 */
export async function scenarioOf(target: Scenario | string | URL): Promise<ToCheck> {
  if (typeof target !== 'string' && !(target instanceof URL)) {
    demandOwnRealm(target)
    return { scenario: target, file: definedIn(target) }
  }
  const file = fileOf(target)
  const [first, ...others] = await loadScenarioFile(file)
  if (first !== undefined && others.length === 0) return first
  throw new UsageError(
    'bad-scenario',
    `${shownPath(file)} has ${others.length + 1} scenarios; import it, and give check one of them`,
  )
}

function fileOf(target: string | URL): string {
  const text = String(target)
  return text.startsWith('file:') ? fileURLToPath(text) : path.resolve(text)
}

/**
 * A function of another realm has timers, sockets and packages that no simulation sees: jest gives
 * each test file a realm of its own.
 * @throws UsageError `bad-scenario`
 */
function demandOwnRealm(scenario: Scenario): void {
  const { name } = scenario
  if (!scenarioApps(scenario).some(({ app }) => typeof app === 'function' && !(app instanceof Function)))
    return
  throw new UsageError(
    'bad-scenario',
    `the app of '${name}' is a function of a test file that has globals of its own, as jest's have; put it into a file and write app: { module: './app.ts' }`,
  )
}
