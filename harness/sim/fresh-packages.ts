import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { jsonValue } from '../core/json.ts'
import { outsideProcesses } from './ambient/current.ts'
import { adoptDispatcher, type Dispatcher, installDispatchers, isUndiciGlobal } from './ambient/dispatcher.ts'
import { real } from './ambient/real.ts'
import { overlaid } from './ambient/sqlite.ts'
import { isEsModule, packageNameOf } from './package-files.ts'

/**
 * Loaded once for all processes and runs, whatever a scenario says. The first is us; the others
 * only add to what all of a Node process has in common, or keep nothing. Express loads the table of
 * media types and makes maps of it: two thirds of what its start takes.
 */
const SHARED_ALWAYS = [
  'onceover',
  'vitest',
  'reflect-metadata',
  'tslib',
  'require-in-the-middle',
  'import-in-the-middle',
  'mime-db',
  'mime-types',
]

interface CommonModule {
  exports: unknown
  readonly id: string
  readonly filename: string
  readonly path: string
  loaded: boolean
  readonly children: readonly unknown[]
  readonly paths: readonly string[]
  readonly parent: null
  readonly require: NodeJS.Require
}

type Factory = (
  this: unknown,
  exports: unknown,
  require: NodeJS.Require,
  module: CommonModule,
  filename: string,
  dirname: string,
) => void

/**
 * The module that a name resolves to from a file: one that is loaded for each incarnation, or one
 * that all of them share.
 */
type PackageLink = { readonly file: string } | { readonly shared: unknown }

/** A file of a package, read and compiled once for all incarnations. */
interface Code {
  readonly ofNode: NodeJS.Require
  readonly links: Map<string, PackageLink>
  factory: Factory | null
}

/** The code of CommonJS packages, and where their names lead. */
export class PackageCode {
  readonly #shared: ReadonlySet<string>
  readonly #codes: Map<string, Code> = new Map()
  readonly #json: Map<string, string> = new Map()

  constructor(shared: readonly string[]) {
    this.#shared = new Set([...SHARED_ALWAYS, ...shared])
  }

  /**
   * Whether a package is loaded once, and keeps what is in its module variables over processes and
   * runs.
   */
  shares(name: string): boolean {
    return this.#shared.has(name)
  }

  /**
   * Whether this file's module is loaded for each incarnation: pure JavaScript of a package that
   * isn't shared.
   */
  isFresh(file: string): boolean {
    const name = packageNameOf(file)
    if (name === null || this.shares(name)) return false
    return ['.js', '.cjs', '.json', ''].includes(path.extname(file)) && !isEsModule(file)
  }

  of(file: string): Code {
    const known = this.#codes.get(file)
    if (known !== undefined) return known
    const made: Code = { ofNode: real.createRequire(file), links: new Map(), factory: null }
    this.#codes.set(file, made)
    return made
  }

  link(code: Code, name: string): PackageLink {
    const known = code.links.get(name)
    if (known !== undefined) return known
    const file = isBuiltin(name) ? name : code.ofNode.resolve(name)
    const link = this.isFresh(file)
      ? { file }
      : { shared: outsideProcesses((): unknown => code.ofNode(name)) }
    code.links.set(name, link)
    return link
  }

  jsonOf(file: string): unknown {
    const text = this.#json.get(file) ?? readFileSync(file, 'utf8')
    this.#json.set(file, text)
    return jsonValue(text)
  }
}

function compiled(file: string): Factory {
  const text = readFileSync(file, 'utf8').replace(/^#!.*/, '')
  // Node's types know no parameters of a compiled function; they are those that are named here.
  return vm.compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as unknown as Factory
}

/**
 * The packages of one incarnation: what they keep in module variables is its own, as in a process
 * of the system.
 */
export class FreshPackages {
  readonly #code: PackageCode
  /** `require.cache`. */
  readonly #modules: Record<string, CommonModule> = Object.create(null) as Record<string, CommonModule>

  constructor(code: PackageCode) {
    this.#code = code
  }

  /** `require` as the code of this file has it. */
  requireFor(file: string): NodeJS.Require {
    const code = this.#code.of(file)
    const require = (name: string): unknown => {
      const link = this.#code.link(code, name)
      return 'file' in link ? this.load(link.file) : link.shared
    }
    require.resolve = code.ofNode.resolve
    // Node keeps its own Module objects there; code looks for `exports` and deletes entries.
    require.cache = this.#modules as unknown as NodeJS.Require['cache']
    require.main = undefined
    require.extensions = code.ofNode.extensions
    return require
  }

  /** The exports of a package's file. */
  load(file: string): unknown {
    const known = this.#modules[file]
    if (known !== undefined) return known.exports
    if (file.endsWith('.json')) return this.#code.jsonOf(file)
    const code = this.#code.of(file)
    code.factory ??= compiled(file)
    const require = this.requireFor(file)
    const folder = path.dirname(file)
    const module: CommonModule = {
      exports: {},
      id: file,
      filename: file,
      path: folder,
      loaded: false,
      children: [],
      paths: [],
      parent: null,
      require,
    }
    this.#modules[file] = module
    if (isUndiciGlobal(file)) installDispatchers()
    try {
      code.factory.call(module.exports, module.exports, require, module, file, folder)
    } catch (error) {
      delete this.#modules[file]
      throw error
    }
    if (isUndiciGlobal(file)) adoptDispatcher(module.exports, () => this.#agentOf(folder))
    module.loaded = true
    // A module may have made a getter of its exports.
    const { exports } = module
    const adapted = overlaid(packageNameOf(file), exports)
    if (adapted !== exports) module.exports = adapted
    return adapted
  }

  /** undici's own pool of connections. */
  #agentOf(folder: string): Dispatcher {
    const Agent = this.load(path.join(folder, 'dispatcher/agent.js')) as new () => Dispatcher
    return new Agent()
  }
}

/** The namespace that an ES module sees when it imports this: names, and the whole as `default`. */
export function namespaceOf(exports: unknown): object {
  const names = typeof exports === 'object' || typeof exports === 'function' ? { ...exports } : {}
  return { ...names, default: exports, __esModule: true }
}
