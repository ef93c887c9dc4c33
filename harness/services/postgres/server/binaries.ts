import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** A PostgreSQL that is installed here. */
export interface Binaries {
  /** Folder with `postgres` and `initdb`. */
  readonly folder: string
  /** `15.18` */
  readonly version: string
}

/** Where Debian, Red Hat and Homebrew put them; PATH comes last. */
const PLACES = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/usr/local/pgsql/bin',
]

/** The newest PostgreSQL that is installed, or the one in `folder`; null: there is none. */
export function findBinaries(folder?: string): Binaries | null {
  const all = folder === undefined ? [...PLACES.flatMap(newestFirst), ...onPath()] : [folder]
  const found = all.find((each) =>
    ['postgres', 'initdb'].every((program) => existsSync(path.join(each, program))),
  )
  return found === undefined ? null : { folder: found, version: versionOf(found) }
}

function newestFirst(pattern: string): readonly string[] {
  const number = (folder: string): number => Number(/(\d+)\/bin$/.exec(folder)?.[1] ?? 0)
  return globSync(pattern).toSorted((a, b) => number(b) - number(a))
}

function onPath(): readonly string[] {
  return (process.env['PATH'] ?? '').split(path.delimiter).filter((each) => each !== '')
}

/** `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`: the first number. */
function versionOf(folder: string): string {
  const text = execFileSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return /\d+(?:\.\d+)*/.exec(text)?.[0] ?? 'of an unknown version'
}

/** A user of this machine. */
export interface UnixUser {
  readonly uid: number
  readonly gid: number
}

/**
 * The user as which a server is to run: PostgreSQL refuses to run as root. Null: as this process
 * does.
 * @returns `'missing'` where this is root, and there is no user for it
 */
export function serverUser(
  ownUid: number = process.getuid?.() ?? -1,
  passwords: string = '/etc/passwd',
): UnixUser | null | 'missing' {
  if (ownUid !== 0) return null
  const lines = existsSync(passwords) ? readFileSync(passwords, 'utf8').split('\n') : []
  const [, , uid, gid] = lines.find((line) => line.startsWith('postgres:'))?.split(':') ?? []
  return uid === undefined || gid === undefined ? 'missing' : { uid: Number(uid), gid: Number(gid) }
}
