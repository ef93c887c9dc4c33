import fs, { type Dirent } from 'node:fs'
import type { Proc } from '../process.ts'
import { globbed } from './glob.ts'
import { type AnyFunction, functionOf, within } from './patch.ts'
import { answer, answerByTwin, answerPromise } from './thread-pool.ts'

type FolderEntry = Dirent | null
type FolderCallback = (error: Error | null, value?: unknown) => void

/** An open folder, as `fs.opendir` gives it: its entries are those of when it was opened. */
class Dir {
  readonly path: string
  readonly #process: Proc
  readonly #entries: Dirent[]
  #open = true

  constructor(process: Proc, folder: string, options: unknown) {
    this.#process = process
    this.path = folder
    const { recursive = false } = (options ?? {}) as { recursive?: boolean }
    this.#entries = fs.readdirSync(folder, { withFileTypes: true, recursive })
  }

  readSync(): FolderEntry {
    this.#demandOpen()
    return this.#entries.shift() ?? null
  }

  read(done?: FolderCallback): Promise<FolderEntry> | undefined {
    if (done !== undefined) return void answer(this.#process, () => this.readSync(), done as AnyFunction)
    return answerPromise(this.#process, () => this.readSync()) as Promise<FolderEntry>
  }

  closeSync(): void {
    this.#demandOpen()
    this.#open = false
  }

  close(done?: FolderCallback): Promise<void> | undefined {
    if (done !== undefined) return void answer(this.#process, () => this.closeSync(), done as AnyFunction)
    return answerPromise(this.#process, () => this.closeSync()) as Promise<void>
  }

  async *entries(): AsyncGenerator<Dirent> {
    try {
      for (let entry = await this.read(); entry; entry = await this.read()) yield entry
    } finally {
      await this.close()
    }
  }

  [Symbol.asyncIterator](): AsyncGenerator<Dirent> {
    return this.entries()
  }

  [Symbol.dispose](): void {
    if (this.#open) this.closeSync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.close()
  }

  #demandOpen(): void {
    if (!this.#open) throw Object.assign(new Error('Directory handle was closed'), { code: 'ERR_DIR_CLOSED' })
  }
}

/** Folders that are read entry by entry, and names that are found by a pattern. */
export function patchOpenFolders(): void {
  within(fs, 'opendirSync', (process, [folder, options]) => new Dir(process, String(folder), options))
  answerByTwin(fs, 'opendir')
  within(fs, 'globSync', (_process, args) => Reflect.apply(globbed, undefined, args))
  answerByTwin(fs, 'glob')
  within(fs.promises, 'opendir', (process, [folder, options]) =>
    answerPromise(process, () => new Dir(process, String(folder), options)),
  )
  if (!('glob' in fs.promises)) return
  within(fs.promises, 'glob', (process, args) => found(process, args))
}

async function* found(process: Proc, args: unknown[]): AsyncGenerator<unknown> {
  const globSync = functionOf(fs, 'globSync')
  yield* (await answerPromise(process, () => globSync.apply(fs, args))) as unknown[]
}
