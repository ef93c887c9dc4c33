import { existsSync, globSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../core/errors.ts'
import type { Scenario } from '../core/scenario.ts'

export interface LoadedScenario {
  readonly scenario: Scenario
  /** Absolute. */
  readonly file: string
}

/**
 * Files for paths and globs, in the order given, each once.
 * @throws UsageError `missing-file`
 */
export function findScenarioFiles(
  patterns: readonly string[],
  cwd: string = process.cwd(),
): readonly string[] {
  const files = patterns.flatMap((pattern) => {
    if (existsSync(path.resolve(cwd, pattern))) return [path.resolve(cwd, pattern)]
    const found = globSync(pattern, { cwd }).sort()
    if (found.length === 0)
      throw new UsageError(
        'missing-file',
        `there is no file ${pattern}; type the path of a scenario, or a glob in quotes`,
      )
    return found.map((file) => path.resolve(cwd, file))
  })
  return [...new Set(files)]
}

/**
 * The scenarios that a file exports: its default export, or each export that is one.
 * @throws UsageError where it cannot be loaded, or has none
 */
export async function loadScenarioFile(file: string): Promise<readonly LoadedScenario[]> {
  const shown = path.relative(process.cwd(), file)
  if (!existsSync(file)) throw new UsageError('missing-file', `there is no file ${shown}`)
  let namespace: Record<string, unknown>
  try {
    namespace = (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    if (error instanceof Error && error.name === 'UsageError') throw error
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new UsageError('bad-scenario', `${shown} could not be loaded: ${message}`, { cause: error })
  }
  const exported = 'default' in namespace ? [namespace['default']] : Object.values(namespace)
  const scenarios = exported.flat().filter(looksLikeScenario)
  if (scenarios.length === 0) {
    throw new UsageError(
      'bad-scenario',
      `${shown} exports no scenario; write: export default defineScenario({ … })`,
    )
  }
  return scenarios.map((scenario) => ({ scenario, file }))
}

function looksLikeScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'app' in value && 'guarantee' in value
}
