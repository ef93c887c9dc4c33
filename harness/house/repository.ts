import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT: string = path.resolve(import.meta.dirname, '../..')

/** Folders of ours at the top of the repository. */
const FOLDERS = ['harness', 'properties', 'reports', 'scenarios']

/** Projects of their own, with their own packages and style. */
const PROJECTS = /^scenarios\/(?:nest\/nest-|(?:.*\/)?npm\/)/

export interface Source {
  /** From the repository's root, with `/`. */
  readonly file: string
  readonly text: string
}

function read(file: string): Source {
  return { file, text: readFileSync(path.join(ROOT, file), 'utf8') }
}

function filesOf(ending: string): readonly string[] {
  const nested = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll(path.sep, '/')}`,
    ),
  )
  return [...readdirSync(ROOT), ...nested]
    .filter((name) => name.endsWith(ending) && !PROJECTS.test(name))
    .sort()
}

/** All TypeScript of the repository, tests included. */
export const SOURCES: readonly Source[] = filesOf('.ts').map(read)
/** All documents of the repository. */
export const DOCUMENTS: readonly Source[] = filesOf('.md').map(read)

const ALL = filesOf('')

/**
 * Whether a document can name this path: from the repository's root, from its own folder, or by its
 * end (`run/world.ts`) where it stands somewhere below that folder.
 */
export function exists(target: string, document: string): boolean {
  const folder = path.posix.dirname(document)
  const below = folder === '.' ? '' : `${folder}/`
  return (
    [ROOT, path.join(ROOT, folder)].some((each) => existsSync(path.join(each, target))) ||
    ALL.some((file) => file.startsWith(below) && file.endsWith(`/${target}`))
  )
}
