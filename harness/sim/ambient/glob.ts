import fs, { type Dirent, type GlobOptions } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Characters that stand for something in a pattern. */
const MAGIC = /[*?[\]{}()!+@\\]/
/** Patterns whose parts can't be counted. */
const ANY_DEPTH = /\*\*|\{[^}]*\//

/**
 * `fs.globSync` by the patched functions of `fs`. Node's own keeps those that were there when
 * anybody in this process first used it, and would look at the disk instead of at the files of a
 * simulated process. Patterns mean what they mean to Node (`path.matchesGlob`).
 */
export function globbed(
  patterns: string | readonly string[],
  options: GlobOptions = {},
): (string | Dirent)[] {
  const found = new Map<string, string | Dirent>()
  for (const pattern of [patterns].flat()) {
    const walk = new GlobWalk(path.normalize(pattern), options)
    for (const [name, entry] of walk.found()) found.set(name, entry)
  }
  return [...found.values()]
}

/** The files below one folder, held against one pattern. */
class GlobWalk {
  readonly #pattern: string
  readonly #cwd: string | undefined
  readonly #options: GlobOptions
  /** Leading parts that stand for themselves. */
  readonly #base: string
  readonly #depthMax: number

  constructor(pattern: string, options: GlobOptions) {
    const { cwd } = options
    const parts = pattern.split(path.sep)
    const first = parts.findIndex((part) => MAGIC.test(part))
    this.#pattern = pattern
    this.#options = options
    this.#cwd = cwd instanceof URL ? fileURLToPath(cwd) : cwd
    this.#base = first < 0 ? pattern : parts.slice(0, first).join(path.sep) || (first > 0 ? path.sep : '')
    this.#depthMax = ANY_DEPTH.test(pattern) ? Number.POSITIVE_INFINITY : parts.length - Math.max(first, 0)
  }

  /** Names as the pattern has them, relative or absolute. */
  *found(): Generator<[string, string | Dirent]> {
    const own = this.#own()
    if (own !== null) yield [this.#base || '.', own]
    if (this.#pattern !== this.#base) yield* this.#inside(this.#base, this.#depthMax)
  }

  /** The folder or file at which the pattern begins, where it stands for that one, too. */
  #own(): string | Dirent | null {
    const name = this.#base || '.'
    const isAll = this.#pattern === path.join(name, '**')
    const isMeant = isAll || (name !== '.' && path.matchesGlob(name, this.#pattern))
    if (!isMeant || !fs.existsSync(this.#at(name))) return null
    if (this.#options.withFileTypes !== true) return name
    return this.#entries(path.dirname(name)).find((each) => each.name === path.basename(name)) ?? null
  }

  *#inside(folder: string, depth: number): Generator<[string, string | Dirent]> {
    for (const entry of this.#entries(folder)) {
      const name = path.join(folder, entry.name)
      const result = this.#options.withFileTypes === true ? entry : name
      if (this.#isExcluded(name, result)) continue
      if (path.matchesGlob(name, this.#pattern)) yield [name, result]
      if (depth > 1 && entry.isDirectory()) yield* this.#inside(name, depth - 1)
    }
  }

  #isExcluded(name: string, result: string | Dirent): boolean {
    const { exclude } = this.#options
    if (exclude === undefined) return false
    if (typeof exclude !== 'function') return exclude.some((pattern) => path.matchesGlob(name, pattern))
    return Reflect.apply(exclude, undefined, [result]) === true
  }

  #entries(folder: string): Dirent[] {
    try {
      return fs.readdirSync(this.#at(folder || '.'), { withFileTypes: true })
    } catch {
      return []
    }
  }

  #at(name: string): string {
    return this.#cwd === undefined || path.isAbsolute(name) ? name : path.join(this.#cwd, name)
  }
}
