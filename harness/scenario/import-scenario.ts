import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { clientAdapters } from '../clients/index.ts'
import { errorCode } from '../core/error-text.ts'
import { jsonValue } from '../core/json.ts'
import { installAmbient } from '../sim/ambient/install.ts'
import { prepareModule } from '../sim/modules.ts'

type ScenarioModule = Record<string, unknown>

const TYPESCRIPT = new Set(['.ts', '.tsx', '.mts', '.cts'])

/**
 * Codes with which Node rejects TypeScript, before running any of it, that a compiler or a bundler
 * takes.
 */
const BUNDLER_MAY = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_MODULE_NOT_FOUND',
  'ERR_UNSUPPORTED_DIR_IMPORT',
])

/**
 * The exports of a scenario's file. Node loads it, except where it cannot and a TypeScript project
 * would: ES syntax in a package of type `commonjs` (npm's default for new packages), enums, imports
 * without an extension. Those are bundled as apps are.
 */
export async function importScenario(file: string): Promise<ScenarioModule> {
  // Node's modules are patched before the file imports them.
  installAmbient()
  if (!TYPESCRIPT.has(path.extname(file))) return imported(file)
  if (['.ts', '.tsx'].includes(path.extname(file)) && packageType(file) === 'commonjs') return bundled(file)
  try {
    return await imported(file)
  } catch (error) {
    if (!BUNDLER_MAY.has(String(errorCode(error)))) throw error
    return await bundled(file).catch(() => {
      throw error
    })
  }
}

async function imported(file: string): Promise<ScenarioModule> {
  return (await import(pathToFileURL(file).href)) as ScenarioModule
}

async function bundled(file: string): Promise<ScenarioModule> {
  const prepared = await prepareModule(file, { shared: clientAdapters.map(({ name }) => name) })
  return prepared.instantiate()
}

/**
 * `type` in the nearest package.json; undefined where it has none, and Node looks at the syntax.
 */
function packageType(file: string): unknown {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json')
    if (existsSync(manifest)) return (jsonValue(readFileSync(manifest, 'utf8')) as { type?: unknown }).type
    if (folder === path.dirname(folder)) return undefined
  }
}
