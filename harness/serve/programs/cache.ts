import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Outside the repository; ONCEOVER_PROGRAMS names another place. */
const CACHE = process.env['ONCEOVER_PROGRAMS'] ?? path.join(tmpdir(), 'onceover-programs-cache')

/** The folder of this name, which `fill` makes once; a half-filled one is never seen. */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(CACHE, name)
  if (existsSync(folder)) return folder
  const fresh = `${folder}.${process.pid}`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  try {
    await fill(fresh)
    renameSync(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return folder
}
