import { existsSync, globSync, statSync } from 'node:fs'
import path from 'node:path'
import { UsageError } from '../core/errors.ts'
import type { Scenario } from '../core/scenario.ts'
import { installAmbient } from '../sim/ambient/install.ts'
import { importScenario } from './import-scenario.ts'

export interface LoadedScenario {
  readonly scenario: Scenario
  /** Absolute. */
  readonly file: string
}

/**
 * Files for paths and globs, in the order given, each once. A file that is missing is listed too:
 * loading it says so, and the others are not lost. Of a glob, nothing under `node_modules`.
 * @throws UsageError `missing-file` where a glob finds nothing
 */
export function findScenarioFiles(
  patterns: readonly string[],
  cwd: string = process.cwd(),
): readonly string[] {
  const files = patterns.flatMap((pattern) => {
    const plain = path.resolve(cwd, pattern)
    if (existsSync(plain) || !/[*?[\]{}]/.test(pattern)) return [plain]
    // Node's search keeps the functions of `fs` with which its first one began, and simulated code
    // searches too.
    installAmbient()
    const found = globSync(pattern, { cwd, exclude: (name) => path.basename(name) === 'node_modules' })
    if (found.length === 0)
      throw new UsageError(
        'missing-file',
        `no file matches ${pattern}; type the path of a scenario, or a glob in quotes`,
      )
    return found.sort().map((file) => path.resolve(cwd, file))
  })
  return [...new Set(files)]
}

/**
 * The scenarios that a file exports: its default export (a list too), or else each export that is
 * one.
 * @throws UsageError where it cannot be loaded, or has none
 */
export async function loadScenarioFile(file: string): Promise<readonly LoadedScenario[]> {
  const shown = shownPath(file)
  const namespace = await importFile(file, shown)
  const scenarios = exportedScenarios(namespace, shown)
  if (scenarios.length === 0) {
    throw new UsageError(
      'bad-scenario',
      `${shown} exports no scenario; write: export default defineScenario({ … })`,
    )
  }
  const names = scenarios.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new UsageError(
      'bad-scenario',
      `${shown} exports two scenarios named '${twice}'; give each a name of its own`,
    )
  }
  return scenarios.map((scenario) => ({ scenario, file }))
}

/**
 * The only scenario of a file.
 * @throws UsageError where it cannot be loaded, or has none or several
 */
export async function loadOneScenario(file: string): Promise<Scenario> {
  const [loaded, ...others] = await loadScenarioFile(file)
  if (loaded !== undefined && others.length === 0) return loaded.scenario
  throw new UsageError('bad-scenario', `${shownPath(file)} exports several scenarios; name a file with one`)
}

/** In a list every entry must be one: what is passed over would seem to have been checked. */
function exportedScenarios(namespace: Record<string, unknown>, shown: string): readonly Scenario[] {
  if (!('default' in namespace)) return Object.values(namespace).flat().filter(looksLikeScenario)
  const { default: only } = namespace
  if (only instanceof Promise)
    throw new UsageError('bad-scenario', `${shown} exports a promise; write: export default await …`)
  if (!Array.isArray(only)) return [only].filter(looksLikeScenario)
  const wrong = only.findIndex((each) => !looksLikeScenario(each))
  if (wrong === -1) return only
  throw new UsageError(
    'bad-scenario',
    `entry ${wrong} of the list that ${shown} exports is no scenario; write: export default [defineScenario({ … }), …]`,
  )
}

async function importFile(file: string, shown: string): Promise<Record<string, unknown>> {
  if (!existsSync(file))
    throw new UsageError('missing-file', `there is no file ${shown}; type the path of a scenario`)
  if (statSync(file).isDirectory())
    throw new UsageError(
      'missing-file',
      `${shown} is a folder; type the path of a scenario, or a glob in quotes such as '${path.join(shown, '**/*.scenario.ts')}'`,
    )
  const stuck = Promise.withResolvers<never>()
  const onStuck = (): void =>
    stuck.reject(
      new UsageError(
        'bad-scenario',
        `${shown} never finishes loading: it awaits something at its top level that never comes`,
      ),
    )
  waitFor(onStuck)
  try {
    return await Promise.race([importScenario(file), stuck.promise])
  } catch (error) {
    if (error instanceof UsageError && error.message.startsWith(shown)) throw error
    if (error instanceof Error && error.name === 'UsageError')
      throw new UsageError('bad-scenario', `${shown}: ${error.message}`, { cause: error })
    throw new UsageError('bad-scenario', `${shown} could not be loaded: ${firstLine(error)}`, {
      cause: error,
    })
  } finally {
    waitNoMoreFor(onStuck)
  }
}

/** Files that are being loaded. They share a listener: Node warns of eleven. */
const loading = new Set<() => void>()

/** Nothing is left that could wake any of them up. */
function tellStuck(): void {
  for (const onStuck of loading) onStuck()
}

function waitFor(onStuck: () => void): void {
  if (loading.size === 0) process.on('beforeExit', tellStuck)
  loading.add(onStuck)
}

function waitNoMoreFor(onStuck: () => void): void {
  loading.delete(onStuck)
  if (loading.size === 0) process.off('beforeExit', tellStuck)
}

/** From the working directory where the file is below it: what a person would type. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') || relative === '' ? file : relative
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.trim().split('\n')[0] ?? ''
}

function looksLikeScenario(value: unknown): value is Scenario {
  return (
    typeof value === 'object' && value !== null && ('app' in value || 'apps' in value) && 'guarantee' in value
  )
}
