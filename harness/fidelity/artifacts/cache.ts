import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'

/** The cache of files from public registries; it goes when `node_modules` goes. */
const CACHE = path.resolve(import.meta.dirname, '../../../node_modules/.cache/onceover')

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
  const folder = path.join(root, name)
  if (existsSync(folder)) return Promise.resolve(folder)
  const now = filling.get(folder) ?? filled(folder, fill).finally(() => filling.delete(folder))
  filling.set(folder, now)
  return now
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
