import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import colors from 'picocolors'
import type { Page } from '../../reports/paint.ts'
import { writeWhole } from '../check/counterexample-file.ts'
import { UsageError } from '../core/errors.ts'
import type { ShellOutput } from './shell.ts'

/** Colours where a person looks on, or where they are asked for; see https://no-color.org. */
export function pageFor(
  { isTTY, columns }: Pick<ShellOutput, 'isTTY' | 'columns'>,
  env: Readonly<Record<string, string | undefined>>,
): Page {
  const set = (name: string): boolean => (env[name] ?? '') !== ''
  const forced = set('FORCE_COLOR') && env['FORCE_COLOR'] !== '0'
  const colour = !set('NO_COLOR') && (forced || (isTTY === true && env['TERM'] !== 'dumb'))
  return {
    paint: colors.createColors(colour),
    width: isTTY === true && columns !== undefined && columns > 0 ? Math.min(columns, 140) : 110,
  }
}

/**
 * A long search must not end at a folder that is not there: makes the folders of all files, and
 * tries them.
 * @throws UsageError `cannot-write`
 */
export function prepareFiles(files: readonly (string | undefined)[]): void {
  for (const file of files) {
    if (file === undefined || file === '-') continue
    try {
      const folder = path.dirname(path.resolve(file))
      makeFolder(folder)
      accessSync(folder, constants.W_OK)
      if (isFolder(file)) throw new Error('it is a folder')
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new UsageError('cannot-write', `${file} cannot be written: ${why}; type another path`)
    }
  }
}

/** Level by level: with `recursive`, Node never ends where nothing can be made (`/proc`). */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return
  makeFolder(path.dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error
  }
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true
}

/**
 * Tries whether counterexamples could be written to this folder, without making it: most searches
 * write none.
 * @throws UsageError `cannot-write`
 */
export function tryFolder(folder: string): void {
  let nearest = path.resolve(folder)
  while (!existsSync(nearest) && nearest !== path.dirname(nearest)) nearest = path.dirname(nearest)
  try {
    if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file`)
    accessSync(nearest, constants.W_OK)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(
      'cannot-write',
      `counterexamples cannot be written to ${folder}: ${why}; type another folder after --out`,
    )
  }
}

/** Writes a report to this file, or to `stdout` where the file is `-`. */
export function writeReport(file: string | undefined, stdout: ShellOutput, report: () => string): void {
  if (file === undefined) return
  if (file === '-') stdout.write(report())
  else writeWhole(path.resolve(file), report())
}

/**
 * Resolves when all that was written has left: `process.exit` would cut a pipe short on some
 * systems.
 */
export async function flushed(...streams: readonly NodeJS.WriteStream[]): Promise<void> {
  await Promise.all(
    streams.map((stream) => new Promise<void>((resolve) => void stream.write('', () => resolve()))),
  )
}
