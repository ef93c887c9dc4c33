import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import vm from 'node:vm'
import { type Import, init, parse, type StaticImport } from 'es-module-lexer'
import { build } from 'esbuild'

export type Namespace = Readonly<Record<string, unknown>>

/** A user's own modules, compiled once. */
export interface PreparedModule {
  /** The exports of a new instance: every variable in module scope is fresh. Takes microtasks only. */
  instantiate(): Promise<Namespace>
}

type Instance = (importPackage: (name: string) => Promise<unknown>, meta: object) => Promise<Namespace>

/**
 * Bundles the modules that a file consists of, packages left outside, and compiles the result once. Importing the file
 * again under a changing query would give fresh state too, but every copy would stay in the module cache for ever.
 * @throws Error with the bundler's first message
 */
export async function prepareModule(file: string): Promise<PreparedModule> {
  const bundle = await bundleOwnModules(file)
  await init
  const { code, packages } = rewriteModule(bundle)
  const instance = vm.compileFunction(code, ['__import', '__meta'], { filename: file }) as unknown as Instance
  const loaded = new Map<string, unknown>()
  const importFromFile = importerOf(file)
  for (const name of packages) loaded.set(name, await importFromFile(name))
  const meta = { url: pathToFileURL(file).href, filename: file, dirname: path.dirname(file) }
  const importPackage = (name: string): Promise<unknown> =>
    loaded.has(name) ? Promise.resolve(loaded.get(name)) : importFromFile(name)
  return { instantiate: () => instance(importPackage, meta) }
}

async function bundleOwnModules(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    packages: 'external',
    logLevel: 'silent',
    sourcemap: 'inline',
    define: { 'import.meta': '__meta' },
  })
  return outputFiles[0]?.text ?? ''
}

/** A function that imports as the file itself would. */
function importerOf(file: string): (name: string) => Promise<unknown> {
  const require = createRequire(file)
  return (name) => {
    try {
      const found = require.resolve(name)
      return import(path.isAbsolute(found) ? pathToFileURL(found).href : found)
    } catch {
      return importWithoutRequire(file, name)
    }
  }
}

/** For packages that only `import` may load. */
function importWithoutRequire(file: string, name: string): Promise<unknown> {
  const load = vm.compileFunction('return import(name)', ['name'], {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as unknown as (name: string) => Promise<unknown>
  return load(name)
}

/** Turns a bundled ES module into the body of a function that gives a promise of its exports. */
function rewriteModule(bundle: string): { code: string; packages: readonly string[] } {
  const [imports, exports] = parse(bundle)
  const packages = new Set<string>()
  let code = ''
  let from = 0
  for (const each of imports) {
    if (each.type === 'import-meta') continue
    if (each.specifier !== undefined) packages.add(each.specifier)
    const { start, end, text } = each.type === 'dynamic' ? rewriteDynamic(each) : rewriteStatic(bundle, each)
    code += bundle.slice(from, start) + text
    from = end
  }
  code += bundle.slice(from)
  code = code.replace(/^export \{[^}]*\};?$/m, '')
  const fields = exports.map((each) => {
    const local =
      (each.type === 'direct' ? each.localName : undefined) ?? (each.type === 'reexport-all' ? '' : each.name)
    return each.type === 'reexport-all' ? '' : `get ${JSON.stringify(each.name)}() { return ${local} }`
  })
  return {
    code: `return (async () => {${code}\nreturn { ${fields.join(', ')} }\n})()`,
    packages: [...packages],
  }
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Only the word `import` changes. */
function rewriteDynamic({ importStart }: Import): Replacement {
  return { start: importStart, end: importStart + 'import'.length, text: '__import' }
}

/** `import a, { b as c } from 'd'` becomes a declaration from `await __import('d')`. */
function rewriteStatic(
  bundle: string,
  { specifier, importStart, importEnd, start }: StaticImport,
): Replacement {
  const name = JSON.stringify(specifier)
  const clause = bundle
    .slice(importStart + 'import'.length, start - 1)
    .replace(/from\s*$/, '')
    .trim()
  const place = { start: importStart, end: importEnd }
  if (clause === '') return { ...place, text: `await __import(${name})` }
  const parts = /^(?:([\w$]+)\s*,?\s*)?(?:\*\s*as\s+([\w$]+)|\{([\s\S]*)\})?$/.exec(clause)
  if (parts === null) throw new Error(`cannot read the import of ${name}`)
  const [, byDefault, namespace, named = ''] = parts
  const fields = named
    .split(',')
    .map((field) => field.trim().replace(/\s+as\s+/, ': '))
    .filter((field) => field !== '')
  if (byDefault !== undefined) fields.push(`default: ${byDefault}`)
  const bindings: string[] = []
  if (namespace !== undefined) bindings.push(`${namespace} = await __import(${name})`)
  if (fields.length > 0) bindings.push(`{ ${fields.join(', ')} } = await __import(${name})`)
  return { ...place, text: `const ${bindings.join(', ')}` }
}
