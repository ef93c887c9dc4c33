import os from 'node:os'
import path from 'node:path'
import { real } from './ambient/real.ts'
import { FileTimes } from './file-times.ts'

const { fs } = real

/** Devices are no files: nothing of what is written there outlives a run. */
const DEVICES = /^\/(?:dev|proc|sys)(?:\/|$)/

/**
 * The files that a process writes: copies in a folder of its own, laid over the real files. They
 * stay over restarts, as on a disk, and are gone with the run, so that each run begins with the
 * real files.
 */
export class Overlay {
  readonly #name: string
  readonly times: FileTimes = new FileTimes()
  #root: string | null = null
  /** Absolute paths that the process has removed, with all below them. */
  readonly #removed: Set<string> = new Set()

  constructor(processName: string) {
    this.#name = processName
  }

  /** Where to read this path: in the overlay, or where it really is. */
  read(file: unknown): unknown {
    const absolute = this.#absolute(file)
    if (absolute === null || this.#root === null) return file
    const copy = this.#root + absolute
    return fs.existsSync(copy) || this.#isRemoved(absolute) ? copy : file
  }

  /**
   * Where to write this path. What is really there is copied, unless it is about to be replaced.
   */
  write(file: unknown, { keep = true }: { readonly keep?: boolean } = {}): unknown {
    const absolute = this.#absolute(file)
    if (absolute === null) return file
    const copy = this.#rooted(absolute)
    if (fs.existsSync(copy)) return copy
    this.#makeParents(path.dirname(absolute))
    if (!this.#isRemoved(absolute) && fs.existsSync(absolute)) {
      if (fs.statSync(absolute).isDirectory()) fs.mkdirSync(copy, { recursive: true })
      else if (keep) fs.copyFileSync(absolute, copy)
      this.times.copied(copy, fs.statSync(absolute))
    }
    return copy
  }

  /** Whether this is a path in the overlay. */
  holds(file: unknown): file is string {
    return this.#root !== null && typeof file === 'string' && file.startsWith(this.#root)
  }

  /** Takes a file, or a folder with all that is in it, away. */
  remove(file: unknown): void {
    const absolute = this.#absolute(file)
    if (absolute === null) return
    const copy = this.#rooted(absolute)
    fs.rmSync(copy, { recursive: true, force: true })
    this.times.removed(copy)
    if (fs.existsSync(absolute)) this.#removed.add(absolute)
  }

  /** The names in a folder, of the overlay and really. */
  names(folder: unknown): readonly string[] {
    const absolute = this.#absolute(folder)
    if (absolute === null || this.#root === null) return fs.readdirSync(folder as string)
    const copy = this.#root + absolute
    const [over, removed] = [fs.existsSync(copy), this.#isRemoved(absolute)]
    const written = over || removed ? fs.readdirSync(copy) : []
    const below =
      removed || (over && !fs.existsSync(absolute))
        ? []
        : fs.readdirSync(absolute).filter((name) => !this.#removed.has(path.join(absolute, name)))
    return [...new Set([...below, ...written])].sort()
  }

  /** An error that tells the path as the process knows it. */
  asKnown(error: unknown): unknown {
    const root = this.#root
    if (root === null || !(error instanceof Error)) return error
    error.message = error.message.replaceAll(root, '')
    for (const key of ['path', 'dest']) {
      const value: unknown = Reflect.get(error, key)
      if (typeof value === 'string') Reflect.set(error, key, value.replaceAll(root, ''))
    }
    return error
  }

  /** The path as the process knows it. */
  knownPath(file: string): string {
    return this.#root === null ? file : file.replace(this.#root, '')
  }

  dispose(): void {
    if (this.#root !== null) fs.rmSync(this.#root, { recursive: true, force: true })
    this.#root = null
    this.#removed.clear()
    this.times.clear()
  }

  /**
   * Null: nothing that is laid over, such as a descriptor, a device, or what Node asks for in the
   * overlay itself.
   */
  #absolute(file: unknown): string | null {
    const absolute = absoluteOf(file)
    return absolute === null || (this.#root !== null && absolute.startsWith(this.#root)) ? null : absolute
  }

  #rooted(absolute: string): string {
    this.#root ??= fs.mkdtempSync(path.join(os.tmpdir(), `onceover-files-${this.#name}-`))
    return this.#root + absolute
  }

  #isRemoved(absolute: string): boolean {
    if (this.#removed.size === 0) return false
    for (let at = absolute; ; at = path.dirname(at)) {
      if (this.#removed.has(at)) return true
      if (at === path.dirname(at)) return false
    }
  }

  /**
   * Folders that are there for the process are there in the overlay too, once something is written
   * into them.
   */
  #makeParents(folder: string): void {
    const there = this.read(folder)
    if (!fs.existsSync(there as string)) return
    for (let at = folder; !fs.existsSync(this.#rooted(at)); at = path.dirname(at))
      this.times.copied(this.#rooted(at), fs.statSync(at))
    fs.mkdirSync(this.#rooted(folder), { recursive: true })
  }
}

function absoluteOf(file: unknown): string | null {
  if (typeof file !== 'string' && !(file instanceof URL) && !Buffer.isBuffer(file)) return null
  const text = file instanceof URL ? new URL(file).pathname : String(file)
  const absolute = path.resolve(file instanceof URL ? decodeURIComponent(text) : text)
  return DEVICES.test(absolute) ? null : absolute
}
