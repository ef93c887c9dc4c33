import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cached } from '../../../cache/cache.ts'

/** To be raised when other files are made of the same version of PGlite. */
const EDITION = 1
const FILE = 'files.tar'

/**
 * The files of an empty database. Making them takes several times as long as starting with them:
 * they are kept for all processes, in the cache folder, where that can be written.
 * @param root where they are kept; the user's cache folder unless given
 */
export async function emptyFiles(version: string, make: () => Promise<Blob>, root?: string): Promise<Blob> {
  const made: Blob[] = []
  const fill = async (folder: string): Promise<void> => {
    const blob = await make()
    made.push(blob)
    await writeFile(path.join(folder, FILE), Buffer.from(await blob.arrayBuffer()))
  }
  try {
    const folder = await cached(`pglite-${version}-files-${EDITION}`, fill, root)
    return made[0] ?? new Blob([await readFile(path.join(folder, FILE))])
  } catch {
    // A cache that can't be used costs time, and no more; an error of `make` comes again.
    return made[0] ?? make()
  }
}
