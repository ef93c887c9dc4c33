import type { BigIntStats, Stats } from 'node:fs'
import path from 'node:path'

interface TimesOfFile {
  readonly bornMs: number
  readonly changedMs: number
  readonly inode: number
}

/**
 * When the files of an overlay came to be and were changed, in the Unix milliseconds of their
 * process, and numbers for them: the machine's own are of its own clock, and others in each run.
 */
export class FileTimes {
  readonly #files: Map<string, TimesOfFile> = new Map()
  #inodes = 0

  /** @param nowMs of the process's wall clock */
  wrote(file: string, nowMs: number): void {
    const known = this.#files.get(file)
    if (known === undefined) this.set(path.dirname(file), nowMs)
    this.#files.set(file, {
      bornMs: known?.bornMs ?? nowMs,
      changedMs: nowMs,
      inode: known?.inode ?? this.#nextInode(),
    })
  }

  /** A copy has the times of what it is a copy of. */
  copied(file: string, { birthtimeMs, mtimeMs }: Stats): void {
    this.#files.set(file, { bornMs: birthtimeMs, changedMs: mtimeMs, inode: this.#nextInode() })
  }

  /** Its time was set, or something came into a folder or went. */
  set(file: string, changedMs: number): void {
    const known = this.#files.get(file)
    if (known !== undefined) this.#files.set(file, { ...known, changedMs })
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

  /** The machine's answer about a file, with the file's own times. */
  told(file: string, asked: unknown): unknown {
    const times = this.#files.get(file)
    if (times === undefined || !isStats(asked)) return asked
    const { bornMs, changedMs, inode } = times
    for (const [name, ms] of [
      ['atime', changedMs],
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
    return asked
  }

  clear(): void {
    this.#files.clear()
    this.#inodes = 0
  }

  #nextInode(): number {
    this.#inodes += 1
    return this.#inodes
  }
}

function isStats(asked: unknown): asked is Stats | BigIntStats {
  return typeof asked === 'object' && asked !== null && 'mtimeMs' in asked
}
