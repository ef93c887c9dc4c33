import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { errorText } from '../core/error-text.ts'

const STACK_LIMIT = 50
/** Frames of these are ours: nobody can do anything about them. */
const OURS: readonly string[] = ['harness', 'properties', 'reports'].map(
  (folder) => `${path.resolve(import.meta.dirname, '../..', folder)}${path.sep}`,
)

/** The lines of the stack, innermost first, as many as it takes to tell the caller. */
export function framesHere(): readonly string[] {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = STACK_LIMIT
  const { stack = '' } = new Error()
  Error.stackTraceLimit = limit
  return String(stack)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(1)
}

/**
 * The first frame that is neither Node's, nor ours, nor a package's: `at save (src/db.ts:12:9)`; or
 * null.
 */
export function userFrame(frames: readonly string[]): string | null {
  const line = frames.find(isUsers)
  return line === undefined ? null : shortened(line)
}

function isUsers(line: string): boolean {
  const file = fileOf(line)
  return file !== null && !isOurs(file) && !file.includes('/node_modules/')
}

/** Whether nothing of anybody else is on the stack: what takes its time is our own work. */
export function isOursAlone(frames: readonly string[]): boolean {
  const files = frames.map(fileOf).filter((file) => file !== null)
  return files.length > 0 && files.every(isOurs)
}

/** The error in words, with the user's line that threw it, where one is on its stack. */
export function errorWithPlace(error: unknown): string {
  const stack = error instanceof Error ? String(error.stack) : ''
  const place = userFrame(stack.split('\n').filter((line) => /^\s+at /.test(line)))
  return place === null ? errorText(error) : `${errorText(error)} ${place}`
}

/**
 * The packages through which the user's code did it, innermost first. Those that had called the
 * user's code, as a client does its handler, have no part in it.
 */
export function packagesOf(frames: readonly string[]): readonly string[] {
  const user = frames.findIndex(isUsers)
  const names = frames.slice(0, user === -1 ? frames.length : user).flatMap((line) => {
    const file = fileOf(line)
    if (file === null || isOurs(file)) return []
    const inside = file.split('/node_modules/').slice(1).at(-1)
    const [first = '', second = ''] = inside?.split('/') ?? []
    return inside === undefined ? [] : [first.startsWith('@') ? `${first}/${second}` : first]
  })
  return [...new Set(names)]
}

/** The file of a frame; null where it is Node's, or has none. */
function fileOf(line: string): string | null {
  const [, place = ''] = /(?:\(|at (?:async )?)([^()]*):\d+:\d+\)?$/.exec(line) ?? []
  if (place === '' || place.startsWith('<') || place.startsWith('node:') || line.includes('(native)'))
    return null
  return place.startsWith('file:') ? fileURLToPath(place) : place
}

function isOurs(file: string): boolean {
  return OURS.some((folder) => file.startsWith(folder)) || /(?:\.onceover\.c?js|\/onceover\.js)$/.test(file)
}

/** With paths from the working directory, as a person would type them. */
function shortened(line: string): string {
  const file = fileOf(line) ?? ''
  const relative = path.relative(process.cwd(), file)
  const shown = relative.startsWith('..') ? file : relative
  return line
    .trim()
    .replace(/^at async /, 'at ')
    .replace(`file://${file}`, shown)
    .replace(file, shown)
}
