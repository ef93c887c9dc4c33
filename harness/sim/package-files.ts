import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { jsonValue } from '../core/json.ts'

const FOLDER = `${path.sep}node_modules${path.sep}`
const types = new Map<string, unknown>()

/**
 * The package that a file belongs to, by the folder in `node_modules`; null: it belongs to none.
 */
export function packageNameOf(file: string): string | null {
  const at = file.lastIndexOf(FOLDER)
  return at === -1 ? null : packageNameIn(file.slice(at + FOLDER.length).replaceAll(path.sep, '/'))
}

/** `@scope/name` of `@scope/name/deep/file.js`. */
export function packageNameIn(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

/** As Node sees it: by its extension, or by the nearest package.json. */
export function isEsModule(file: string): boolean {
  const extension = path.extname(file)
  if (extension !== '.js') return extension === '.mjs'
  return typeOf(path.dirname(file)) === 'module'
}

function typeOf(folder: string): unknown {
  if (types.has(folder)) return types.get(folder)
  const manifest = path.join(folder, 'package.json')
  const parent = path.dirname(folder)
  const type = existsSync(manifest)
    ? (jsonValue(readFileSync(manifest, 'utf8')) as { type?: unknown }).type
    : parent === folder || path.basename(folder) === 'node_modules'
      ? undefined
      : typeOf(parent)
  types.set(folder, type)
  return type
}
