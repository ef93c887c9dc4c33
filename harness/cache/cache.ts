import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import envPaths from 'env-paths'

/**
 * The user's own cache folder (`~/.cache/onceover` on Linux), for what is dear to fetch or to make:
 * a package's folder may be read-only, and its next version is another one.
 */
const CACHE: string = envPaths('onceover', { suffix: '' }).cache

/** Folders that this process is filling now, by path: a second call waits for the first. */
const filling = new Map<string, Promise<string>>()

/**
 * The folder of this name, which `fill` makes once; a half-filled one is never seen. Calls at the
 * same time share one filling; of two processes the first to finish wins.
 * @param root where the folder stands; the cache unless given
 */
export function cached(
  name: string,
  fill: (folder: string) => Promise<void>,
  root: string = CACHE,
): Promise<string> {
  const there = cachedFolder(name, root)
  if (there !== null) return Promise.resolve(there)
  const folder = path.join(root, name)
  const now = filling.get(folder) ?? filled(folder, fill).finally(() => filling.delete(folder))
  filling.set(folder, now)
  return now
}

/** The folder of this name, or null where nobody has filled it yet. */
export function cachedFolder(name: string, root: string = CACHE): string | null {
  const folder = path.join(root, name)
  return existsSync(folder) ? folder : null
}

async function filled(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  mkdirSync(path.dirname(folder), { recursive: true })
  const fresh = mkdtempSync(`${folder}.`)
  try {
    await fill(fresh)
    take(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return folder
}

/** Renames, unless another process was first: its folder is as good. */
function take(fresh: string, folder: string): void {
  try {
    renameSync(fresh, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}
