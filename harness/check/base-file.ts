import { existsSync } from 'node:fs'
import path from 'node:path'
import { UsageError } from '../core/errors.ts'
import type { Scenario } from '../core/scenario.ts'
import { scenarioApps } from '../scenario/apps.ts'
import { definedIn } from '../scenario/define.ts'
import { shownPath } from '../scenario/load.ts'

const EXTENSIONS = ['', '.ts', '.mts', '.js', '.mjs', '.cjs']

/**
 * The file at which relative `module` paths start: the scenario's own, or the one whose function
 * made it.
 * @throws UsageError `missing-file` where no module is there
 */
export function baseFile(scenario: Scenario, file: string | null): string | null {
  const candidates = [file, definedIn(scenario)].filter((each) => each !== null)
  const [first = null] = candidates
  const [relative] = scenarioApps(scenario).flatMap(({ app }) =>
    typeof app === 'object' && app.module.startsWith('.') ? [app.module] : [],
  )
  if (relative === undefined) return first
  const paths = candidates.map((base) => ({ base, module: path.resolve(path.dirname(base), relative) }))
  const found = paths.find(({ module }) =>
    EXTENSIONS.some((extension) => existsSync(`${module}${extension}`)),
  )
  if (found !== undefined) return found.base
  const shown = paths
    .map(({ module }) => shownPath(module))
    .filter((each, at, all) => all.indexOf(each) === at)
  throw new UsageError(
    'missing-file',
    `the app of '${scenario.name}' should be in ${shown.join(' or ')}, which is not there; 'module' is a path from the scenario's folder`,
  )
}
