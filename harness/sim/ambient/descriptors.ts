import type { TimesOfFile } from '../file-times.ts'
import type { Proc } from '../process.ts'
import { real } from './real.ts'

const { fs } = real

interface OpenDescriptor {
  readonly file: string
  /** Null: the file is not in the process's overlay. */
  readonly times: TimesOfFile | null
}

/**
 * The files that a process has open: which file each descriptor is of, wherever that is moved to.
 */
const open = new WeakMap<Proc, Map<number, OpenDescriptor>>()

/** The process has opened a file: it is closed when the process ends, as a real one's are. */
export function noteOpened(process: Proc, descriptor: number, times: TimesOfFile | null): void {
  let its = open.get(process)
  if (its === undefined) {
    its = new Map()
    open.set(process, its)
    process.onEnd.add(() => closeAll(process))
  }
  const file = fileOf(descriptor)
  if (file !== null) its.set(descriptor, { file, times })
}

/** Null, too, for what was not opened by the process. */
export function timesOf(process: Proc, descriptor: unknown): TimesOfFile | null {
  return open.get(process)?.get(Number(descriptor))?.times ?? null
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
