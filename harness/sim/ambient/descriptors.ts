import type { Proc } from '../process.ts'
import { real } from './real.ts'

const { fs } = real

interface OpenDescriptor {
  readonly file: string
  readonly place: unknown
}

/** The files that a process has open: which file each descriptor is of, and where it is. */
const open = new WeakMap<Proc, Map<number, OpenDescriptor>>()

/**
 * The process has opened the file at this place: it is closed when the process ends, as a real
 * one's are.
 */
export function noteOpened(process: Proc, descriptor: number, place: unknown): void {
  let its = open.get(process)
  if (its === undefined) {
    its = new Map()
    open.set(process, its)
    process.onEnd.add(() => closeAll(process))
  }
  const file = fileOf(descriptor)
  if (file !== null) its.set(descriptor, { file, place })
}

/** Where the file of this descriptor is; undefined: it was not opened by the process. */
export function placeOf(process: Proc, descriptor: unknown): unknown {
  return typeof descriptor === 'number' ? open.get(process)?.get(descriptor)?.place : descriptor
}

export function noteClosed(process: Proc, descriptor: number): void {
  open.get(process)?.delete(descriptor)
}

/** A number that somebody else was given meanwhile is another file's, and stays. */
function closeAll(process: Proc): void {
  for (const [descriptor, { file }] of open.get(process) ?? [])
    if (fileOf(descriptor) === file) fs.closeSync(descriptor)
  open.delete(process)
}

/** Null: it is closed. */
function fileOf(descriptor: number): string | null {
  try {
    const { dev, ino } = fs.fstatSync(descriptor)
    return `${dev} ${ino}`
  } catch {
    return null
  }
}
