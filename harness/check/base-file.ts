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
 * made it. All modules are found from it.
 * @throws UsageError `missing-file` where some module is not there
 */
export function baseFile(scenario: Scenario, file: string | null): string | null {
  const candidates = [file, definedIn(scenario)].filter((each) => each !== null)
  const relative = scenarioApps(scenario).flatMap(({ app }) =>
    typeof app === 'object' && app.module.startsWith('.') ? [app.module] : [],
  )
  const tried = candidates.map((base) => ({ base, missing: missingFrom(base, relative) }))
  const found = tried.find(({ missing }) => missing === null)
  if (found !== undefined || tried.length === 0) return found?.base ?? null
  const shown = new Set(tried.flatMap(({ missing }) => (missing === null ? [] : [shownPath(missing)])))
  throw new UsageError(
    'missing-file',
    `the app of '${scenario.name}' should be in ${[...shown].join(' or ')}, which is not there; 'module' is a path from the scenario's folder`,
  )
}

/** The absolute path of the first of these modules that is not there, or null. */
function missingFrom(base: string, modules: readonly string[]): string | null {
  const paths = modules.map((module) => path.resolve(path.dirname(base), module))
  return paths.find((file) => !EXTENSIONS.some((extension) => existsSync(`${file}${extension}`))) ?? null
}
