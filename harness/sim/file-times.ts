import type { BigIntStats, Stats } from 'node:fs'
import path from 'node:path'

/** Times that stay with a file when it is moved, and when it is open and its name is gone. */
export interface TimesOfFile {
  readonly bornMs: number
  changedMs: number
  /** Null: as `changedMs`, since nobody has set it. */
  accessedMs: number | null
  readonly inode: number
}

/**
 * When the files of an overlay came to be and were changed, in the Unix milliseconds of their
 * process, and numbers for them: the machine's own are of its own clock, and others in each run.
 */
export class FileTimes {
  readonly #files: Map<string, TimesOfFile> = new Map()
  #inodes = 0

  /**
   * Those of a file that is there. One that native code made, such as SQLite's, is as old as the
   * first question about it.
   * @param nowMs of the process's wall clock
   */
  of(file: string, nowMs: number): TimesOfFile {
    const known = this.#files.get(file)
    if (known !== undefined) return known
    this.touched(path.dirname(file), nowMs)
    return this.#add(file, nowMs, nowMs)
  }

  /** A copy has the times of what it is a copy of. */
  copied(file: string, { birthtimeMs, mtimeMs }: Stats): void {
    this.#add(file, birthtimeMs, mtimeMs)
  }

  /** Something came into a folder, or went. */
  touched(folder: string, nowMs: number): void {
    const known = this.#files.get(folder)
    if (known !== undefined) known.changedMs = nowMs
  }

  moved(from: string, to: string): void {
    for (const [file, times] of [...this.#files]) {
      if (file !== from && !file.startsWith(`${from}/`)) continue
      this.#files.delete(file)
      this.#files.set(to + file.slice(from.length), times)
    }
  }

  removed(file: string): void {
    for (const each of this.#files.keys())
      if (each === file || each.startsWith(`${file}/`)) this.#files.delete(each)
  }

  clear(): void {
    this.#files.clear()
    this.#inodes = 0
  }

  #add(file: string, bornMs: number, changedMs: number): TimesOfFile {
    this.#inodes += 1
    const times = { bornMs, changedMs, accessedMs: null, inode: this.#inodes }
    this.#files.set(file, times)
    return times
  }
}

/** Writes the file's own times into the machine's answer about it. */
export function tellTimes(asked: Stats | BigIntStats, times: TimesOfFile): void {
  const { bornMs, changedMs, accessedMs, inode } = times
  for (const [name, ms] of [
    ['atime', accessedMs ?? changedMs],
    ['mtime', changedMs],
    ['ctime', changedMs],
    ['birthtime', bornMs],
  ] as const) {
    if ('mtimeNs' in asked) {
      Reflect.set(asked, `${name}Ms`, BigInt(Math.floor(ms)))
      Reflect.set(asked, `${name}Ns`, BigInt(Math.round(ms * 1_000)) * 1_000n)
    } else Reflect.set(asked, `${name}Ms`, ms)
    Reflect.set(asked, name, new Date(ms))
  }
  Reflect.set(asked, 'ino', 'mtimeNs' in asked ? BigInt(inode) : inode)
}

export function isStats(asked: unknown): asked is Stats | BigIntStats {
  return typeof asked === 'object' && asked !== null && 'mtimeMs' in asked
}
