import { readFile } from 'node:fs/promises'
import { createRequire, isBuiltin } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type BuildFailure,
  build,
  type Loader,
  type OnLoadResult,
  type OnResolveArgs,
  type OnResolveResult,
  type Plugin,
} from '#esbuild'
import { jsonText } from '../core/json.ts'
import { entryAt } from '../core/lists.ts'
import type { PackageCode } from './fresh-packages.ts'
import { DecoratorMetadata } from './module-decorators.ts'
import { importAs, type Namespace } from './module-packages.ts'
import { isEsModule, packageNameIn, packageNameOf } from './package-files.ts'

export interface Bundle {
  /** The body of an async function of GIVE, PACKAGES, METAS and `require`. */
  readonly code: string
  /** The packages that `packages(n)` in the code stands for, by `n`. */
  readonly packages: readonly BundledPackage[]
  /** Absolute paths: `metas[n]` is the `import.meta` of the nth. */
  readonly files: readonly string[]
  /** Absolute paths of the modules that are the user's own. */
  readonly own: readonly string[]
}

/** Names of what the code is given. */
export const GIVE = '__onceoverGive'
export const PACKAGES = '__onceoverPackages'
export const METAS = '__onceoverMetas'

const META = '__onceoverMeta'
const DIRNAME = '__onceoverDirname'
const FILENAME = '__onceoverFilename'
const PACKAGE = 'onceover-package'
/** Namespace of the CommonJS half of what stands for a package. */
const EXPORTS = 'onceover-exports'

const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.cjs': 'js',
  '.mjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.cts': 'ts',
  '.mts': 'ts',
  '.tsx': 'tsx',
}

/** A package that stays outside of the bundle. */
export type BundledPackage =
  /** CommonJS, loaded for each instance. */
  | { readonly file: string }
  /** Imported for real, once; or the error that this gave. */
  | { readonly exports: Namespace }
  | { readonly error: unknown }

/**
 * Bundles the modules that a file consists of: what it imports by relative or absolute paths, by
 * aliases of its tsconfig, and ES modules of packages. CommonJS packages and those that are shared
 * stay outside. esbuild does what is hard about it: TypeScript, CommonJS in ES modules and the
 * reverse, top-level await, circles, and a source map.
 * @throws Error with the bundler's first message
 */
export async function bundleOwnModules(file: string, packageCode: PackageCode): Promise<Bundle> {
  const collected = new Collected(packageCode)
  try {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as exports from ${jsonText(file)}\n${GIVE}(exports)`,
        resolveDir: path.dirname(file),
        sourcefile: 'onceover.js',
      },
      outfile: `${file}.onceover.js`,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node22',
      // Packages are found as Node finds them, not as bundlers do.
      conditions: ['node-addons', 'module-sync'],
      mainFields: ['main'],
      logLevel: 'silent',
      sourcemap: 'inline',
      sourcesContent: false,
      // Nothing that a module does when it is loaded may be taken for superfluous.
      ignoreAnnotations: true,
      // An import of a computed name becomes a `require`, which ends at once.
      supported: { 'dynamic-import': false },
      define: { 'import.meta': META, __dirname: DIRNAME, __filename: FILENAME },
      plugins: [collected.plugin()],
    })
    const { packages, files, own } = collected
    return { code: outputFiles[0]?.text ?? '', packages, files, own }
  } catch (error) {
    throw new Error(firstMessage(error as BuildFailure), { cause: error })
  }
}

function firstMessage({ errors, message }: Partial<BuildFailure>): string {
  const [first] = errors ?? []
  if (first === undefined) return String(message)
  const { text, location } = first
  return location === null ? text : `${location.file}:${location.line}: ${text}`
}

/** Files and packages that esbuild comes across while it walks through the modules. */
class Collected {
  readonly packages: BundledPackage[] = []
  readonly files: string[] = []
  readonly own: string[] = []
  readonly #places: Map<unknown, number> = new Map()
  readonly #packageCode: PackageCode
  readonly #decorators: DecoratorMetadata = new DecoratorMetadata()

  constructor(packageCode: PackageCode) {
    this.#packageCode = packageCode
  }

  plugin(): Plugin {
    return {
      name: 'onceover',
      setup: ({ onResolve, onLoad, resolve }) => {
        onResolve({ filter: /.*/ }, async (args) => {
          if (args.pluginData === OWN || args.namespace === EXPORTS || args.kind === 'entry-point')
            return undefined
          if (args.namespace === PACKAGE) return { path: args.path, namespace: EXPORTS }
          if (args.path.startsWith('file:')) return { path: fileURLToPath(args.path) }
          if (/^[./#]/.test(args.path) || path.isAbsolute(args.path)) return undefined
          const importer = args.importer === '' ? path.join(args.resolveDir, 'x.js') : args.importer
          if (args.kind === 'require-call' || args.kind === 'require-resolve')
            return this.#required(args.path, importer)
          return this.#imported(args, importer, (name, options) => resolve(name, options))
        })
        onLoad({ filter: /.*/, namespace: PACKAGE }, ({ path: place }) => this.#standIn(Number(place)))
        onLoad({ filter: /.*/, namespace: EXPORTS }, ({ path: place }) => ({
          contents: `module.exports = ${PACKAGES}(${place})`,
          loader: 'js',
        }))
        onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path: file }) => this.#load(file))
      },
    }
  }

  #required(name: string, importer: string): OnResolveResult {
    if (isBuiltin(name)) return { path: name, external: true }
    try {
      return { path: createRequire(importer).resolve(name), external: true }
    } catch {
      return { path: name, external: true }
    }
  }

  async #imported(
    { path: name, kind, resolveDir }: OnResolveArgs,
    importer: string,
    resolve: (name: string, options: object) => Promise<OnResolveResult & { readonly path: string }>,
  ): Promise<OnResolveResult> {
    const fresh =
      isBuiltin(name) || this.#packageCode.shares(packageNameIn(name))
        ? null
        : await this.#freshFile(() => resolve(name, { kind, importer, resolveDir, pluginData: OWN }))
    if (fresh !== null && this.#packageCode.isFresh(fresh)) return this.#outside(fresh, { file: fresh })
    if (fresh !== null) return { path: fresh }
    const outcome = await importAs(importer, name)
    if (!('error' in outcome)) return this.#outside(outcome.exports, outcome)
    if (kind !== 'dynamic-import') throw outcome.error
    return this.#outside(outcome.error, outcome)
  }

  /** The file of an own module, or of a package that isn't shared; null: Node has to find it. */
  async #freshFile(
    resolve: () => Promise<OnResolveResult & { readonly path: string }>,
  ): Promise<string | null> {
    const { path: file, errors = [], external = false } = await resolve()
    if (errors.length > 0 || external || !path.isAbsolute(file)) return null
    const name = packageNameOf(file)
    if (name === null) return file
    return !this.#packageCode.shares(name) && (this.#packageCode.isFresh(file) || isEsModule(file))
      ? file
      : null
  }

  #outside(identity: unknown, outcome: BundledPackage): OnResolveResult {
    return { path: String(this.#place(identity, outcome)), namespace: PACKAGE }
  }

  #place(identity: unknown, outcome: BundledPackage): number {
    const known = this.#places.get(identity)
    if (known !== undefined) return known
    this.#places.set(identity, this.packages.length)
    return this.packages.push(outcome) - 1
  }

  /** A module with the exports of a package that stays outside. */
  #standIn(place: number): { contents: string; loader: Loader } {
    const outcome = entryAt(this.packages, place)
    if ('error' in outcome) return { contents: `throw ${PACKAGES}(${place}); export default 0`, loader: 'js' }
    // Its names are known when it has run: esbuild asks a CommonJS module for them then.
    if ('file' in outcome)
      return { contents: `export * from '${place}'\nexport { default } from '${place}'`, loader: 'js' }
    const names = Object.keys(outcome.exports).filter((name) => name !== 'module.exports')
    const taken = names.map((name, index) => `${jsonText(name)}: v${index}`)
    const given = names.map((name, index) => `v${index} as ${jsonText(name)}`)
    const contents = `const { ${taken.join(', ')} } = ${PACKAGES}(${place})\nexport { ${given.join(', ')} }`
    return { contents, loader: 'js' }
  }

  async #load(file: string): Promise<OnLoadResult> {
    const text = await readFile(file, 'utf8')
    const compiled = packageNameOf(file) === null ? this.#decorators.compiled(file, text) : null
    return {
      contents: this.#withMeta(compiled ?? text, file),
      loader: LOADERS[compiled === null ? path.extname(file) : file.endsWith('x') ? '.jsx' : '.js'] ?? 'js',
      resolveDir: path.dirname(file),
    }
  }

  /** On the first line, so that no other line moves. */
  #withMeta(contents: string, file: string): string {
    if (packageNameOf(file) === null) this.own.push(file)
    if (!/\bimport\s*\.\s*meta\b|\b__(?:dirname|filename)\b/.test(contents)) return contents
    const place = this.files.push(file) - 1
    const given = `const ${META}=${METAS}[${place}],${DIRNAME}=${META}.dirname,${FILENAME}=${META}.filename;`
    const [start = ''] = /^#!.*\n/.exec(contents) ?? []
    return `${start}${given}${contents.slice(start.length)}`
  }
}

/** Marks a question to esbuild's own resolver. */
const OWN = Symbol('own')
