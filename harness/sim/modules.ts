import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { currentProcess } from './ambient/current.ts'
import { installAmbient } from './ambient/install.ts'
import { FreshPackages, namespaceOf, PackageCode } from './fresh-packages.ts'
import { type BundledPackage, bundleOwnModules, GIVE, METAS, PACKAGES } from './module-bundle.ts'
import { compileAt, type Namespace } from './module-packages.ts'

export type { Namespace } from './module-packages.ts'

/** A user's own modules, compiled once. */
export interface PreparedModule {
  /**
   * The exports of a new instance: every variable in module scope is fresh. Takes microtasks only.
   */
  instantiate(): Promise<Namespace>
  /** Absolute paths of the modules that are the user's own. */
  readonly files: readonly string[]
}

type Instance = (
  give: (exports: Namespace) => void,
  packages: (place: number) => unknown,
  metas: readonly ImportMeta[],
  require: NodeJS.Require,
) => Promise<void>

export interface ModuleOptions {
  /** Packages that are loaded once, for all instances. */
  readonly shared?: readonly string[]
}

/**
 * Bundles the modules that a file consists of, and compiles the result once. Importing the file
 * again under a changing query would give fresh state too, but every copy would stay in the module
 * cache for ever.
 * @throws Error with the bundler's first message, or with that of a package that can't be imported
 */
export async function prepareModule(
  file: string,
  { shared = [] }: ModuleOptions = {},
): Promise<PreparedModule> {
  // Packages that keep a built-in function in a variable of their own must find the patched ones.
  installAmbient()
  return loadOwnModules(file, { shared })
}

/** Loads an app's modules for a process outside any simulation: nothing of Node is replaced. */
export async function loadOwnModules(
  file: string,
  { shared = [] }: ModuleOptions = {},
): Promise<PreparedModule> {
  const packageCode = new PackageCode(shared)
  const { code, packages, files, own } = await bundleOwnModules(file, packageCode)
  const instance = compile(code, file)
  const mainFile = realpathSync(file)
  return {
    files: own,
    async instantiate() {
      let namespace: Namespace = {}
      const give = (exports: Namespace): void => {
        namespace = exports
      }
      const fresh = new FreshPackages(packageCode)
      currentProcess()?.data.set(FreshPackages, fresh)
      await instance(
        give,
        (place) => exportsOf(packages[place], fresh),
        files.map((each) => metaOf(each, each === mainFile)),
        fresh.requireFor(file),
      )
      return namespace
    },
  }
}

function exportsOf(bundled: BundledPackage | undefined, fresh: FreshPackages): unknown {
  if (bundled === undefined) return undefined
  if ('file' in bundled) return namespaceOf(fresh.load(bundled.file))
  return 'error' in bundled ? bundled.error : bundled.exports
}

function compile(code: string, file: string): Instance {
  process.setSourceMapsEnabled(true)
  const [body = '', map = ''] = code.split(/^(?=\/\/# sourceMappingURL=data:)/m)
  const head = `module.exports = function (${GIVE}, ${PACKAGES}, ${METAS}, require) { 'use strict'; return (async () => {`
  return compileAt(`${file}.onceover.cjs`, `${head}${body}\n})() }\n${map}`) as Instance
}

/** Each instance has its own, as each module has. */
function metaOf(file: string, main: boolean): ImportMeta {
  const resolve = (name: string): string => {
    const found = createRequire(file).resolve(name)
    return path.isAbsolute(found) ? pathToFileURL(found).href : found
  }
  return { url: pathToFileURL(file).href, filename: file, dirname: path.dirname(file), main, resolve }
}
