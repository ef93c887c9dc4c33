import fs from 'node:fs'
import path from 'node:path'
import { isStats, type TimesOfFile, tellTimes } from '../file-times.ts'
import type { Proc } from '../process.ts'
import { noteClosed, noteOpened, timesOf } from './descriptors.ts'
import { printToDescriptor, sizeOf } from './output.ts'
import { type AnyFunction, functionOf, refuse, refusePromise, within } from './patch.ts'
import { real as nodes } from './real.ts'
import { answer, answerByTwin, answerPromise } from './thread-pool.ts'

const READS = ['readFile', 'stat', 'lstat', 'statfs', 'access', 'readlink']
/** Functions of a descriptor: it belongs to a file of the overlay, or to one that is only read. */
const DESCRIPTORS = ['fstat', 'close', 'ftruncate', 'fsync', 'fdatasync', 'fchmod', 'futimes', 'readv']
/** These calls change a file or folder in place instead of replacing it. */
const CHANGES = ['chmod', 'chown', 'lchown']
const WRITES = ['writeFile', 'appendFile', 'truncate']
const TIMES = ['utimes', 'lutimes']
const MORE = [
  'open',
  'mkdir',
  'mkdtemp',
  'readdir',
  'realpath',
  'rm',
  'rmdir',
  'unlink',
  'rename',
  'copyFile',
  'writev',
]
const REFUSED = ['cp', 'link', 'symlink', 'watch', 'watchFile']
const INSTEAD = 'what becomes of it is not under control; read and write whole files, or by streams'

/** Flags with which a file is emptied, unless there must be none yet. */
const REPLACES = /^w(?!.*x)/

type Args = readonly unknown[]
type Sync = (process: Proc, args: Args, real: (...args: unknown[]) => unknown) => unknown

/**
 * Files: the real ones are read, what is written goes to an overlay of the process. Asynchronous
 * functions are done at once by their synchronous twins, and answer as an event of their own.
 */
export function patchFiles(): void {
  for (const name of READS)
    laidOver(`${name}Sync`, (process, [file, ...rest], real) => {
      const place = process.files.read(file)
      const asked = real(place, ...rest)
      return isStats(asked) ? told(asked, timesAt(process, place)) : asked
    })
  laidOver('fstatSync', (process, [descriptor, options], real) =>
    told(real(descriptor, options), timesOf(process, descriptor)),
  )
  laidOver('existsSync', ({ files }, [file], real) => real(files.read(file)))
  for (const name of CHANGES)
    laidOver(`${name}Sync`, ({ files }, [file, ...rest], real) => real(files.write(file), ...rest))
  for (const name of WRITES)
    laidOver(`${name}Sync`, (process, [file, ...rest], real) => {
      const keep = name !== 'writeFile' || !REPLACES.test(flagsOf(rest[1], 'w'))
      const place = process.files.write(file, { keep })
      real(place, ...rest)
      wrote(process, place)
    })
  for (const name of TIMES)
    laidOver(`${name}Sync`, (process, [file, ...rest], real) => {
      const place = process.files.write(file)
      real(place, ...rest)
      dated(timesAt(process, place), nodes.fs.lstatSync(String(place)))
    })
  laidOver('futimesSync', (process, [descriptor, ...rest], real) => {
    real(descriptor, ...rest)
    dated(timesOf(process, descriptor), nodes.fs.fstatSync(Number(descriptor)))
  })
  laidOver('openSync', (process, [file, flags, mode], real) => {
    const { place, isNew } = opened(process.files, file, flags)
    const descriptor = real(place, flags, mode)
    if (isNew) wrote(process, place)
    noteOpened(process, Number(descriptor), timesAt(process, place))
    return descriptor
  })
  for (const name of ['writeSync', 'writevSync', 'ftruncateSync'])
    laidOver(name, (process, [descriptor, ...rest], real) => {
      const written = real(descriptor, ...rest)
      wrote(process, descriptor)
      return written
    })
  within(fs, 'closeSync', (process, [descriptor], real) => {
    if (Number(descriptor) <= 2) return
    real.call(fs, descriptor)
    noteClosed(process, Number(descriptor))
  })
  patchFolders()
  patchMoves()
  patchAsynchronous()
}

/** A synchronous function whose paths lead to the overlay, and whose errors do not tell of it. */
function laidOver(name: string, simulated: Sync): void {
  within(fs, name, (process, args, real) => {
    try {
      return simulated(process, args, (...given) => real.apply(fs, given))
    } catch (error) {
      throw process.files.asKnown(error)
    }
  })
}

function flagsOf(options: unknown, otherwise: string): string {
  const flag = typeof options === 'object' && options !== null && 'flag' in options ? options.flag : otherwise
  return String(flag)
}

/** Null: it is not in the overlay. */
function timesAt({ files, keeper }: Proc, place: unknown): TimesOfFile | null {
  return files.holds(place) ? files.times.of(place, keeper.clock.unixMs) : null
}

/** The answer about a file, with the times that it has for its process. */
function told(asked: unknown, times: TimesOfFile | null): unknown {
  if (times !== null && isStats(asked)) tellTimes(asked, times)
  return asked
}

/** The file at this place, or of this descriptor, is another one now. */
function wrote(process: Proc, at: unknown): void {
  const times = typeof at === 'number' ? timesOf(process, at) : timesAt(process, at)
  if (times !== null) times.changedMs = process.keeper.clock.unixMs
}

/** Its times were set. */
function dated(times: TimesOfFile | null, { atimeMs, mtimeMs }: fs.Stats): void {
  if (times !== null) Object.assign(times, { accessedMs: atimeMs, changedMs: mtimeMs })
}

interface OpenedFile {
  readonly place: unknown
  /** True: the file is made, or emptied. */
  readonly isNew: boolean
}

function opened(files: Proc['files'], file: unknown, flags: unknown): OpenedFile {
  const { O_WRONLY, O_RDWR, O_TRUNC, O_EXCL } = fs.constants
  const writes =
    typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR)) !== 0 : /[wa+]/.test(String(flags ?? 'r'))
  if (!writes) return { place: files.read(file), isNew: false }
  const replaces =
    typeof flags === 'number' ? (flags & (O_TRUNC | O_EXCL)) === O_TRUNC : REPLACES.test(String(flags))
  const place = files.write(file, { keep: !replaces })
  return { place, isNew: replaces || !(files.holds(place) && fs.existsSync(place)) }
}

interface FolderOptions {
  readonly withFileTypes?: boolean
  readonly recursive?: boolean
}

function patchFolders(): void {
  laidOver('realpathSync', ({ files }, [file, options], real) =>
    files.knownPath(String(real(files.read(file), options))),
  )
  laidOver('readdirSync', ({ files }, [folder, options], real) => {
    const how: FolderOptions | null = typeof options === 'object' ? options : null
    const { withFileTypes = false, recursive = false } = how ?? {}
    if (recursive) return real(files.read(folder), options)
    const names = files.names(folder)
    if (!withFileTypes) return names
    const each = (name: string): unknown[] => {
      const parent = path.dirname(String(files.read(path.join(String(folder), name))))
      const found = (real(parent, options) as fs.Dirent[]).find((entry) => entry.name === name)
      return found === undefined ? [] : [found]
    }
    return names.flatMap(each)
  })
  laidOver('mkdirSync', (process, [folder, options], real) => {
    const { files } = process
    const there = files.read(folder)
    if (fs.existsSync(String(there))) return real(there, options)
    const place = files.write(folder)
    const made: string[] = []
    for (let at = String(place); files.holds(at) && !fs.existsSync(at); at = path.dirname(at)) made.push(at)
    real(place, options)
    for (const each of made.reverse()) wrote(process, each)
    return typeof options === 'object' && options !== null && 'recursive' in options
      ? String(folder)
      : undefined
  })
  laidOver('mkdtempSync', ({ random }, [prefix]) => {
    const folder = `${String(prefix)}${random.bits32().toString(36).padStart(7, '0').slice(-6)}`
    fs.mkdirSync(folder)
    return folder
  })
}

function patchMoves(): void {
  for (const name of ['rmSync', 'rmdirSync', 'unlinkSync'])
    laidOver(name, ({ files, keeper }, [file, options], real) => {
      const copy = files.write(file)
      // A folder may have entries in the overlay and in reality: Node is to find the folder where
      // it looks.
      if (name === 'rmdirSync' && fs.existsSync(String(file)))
        for (const each of files.names(file)) files.write(path.join(String(file), each))
      real(copy, options)
      files.remove(file)
      if (files.holds(copy)) files.times.touched(path.dirname(copy), keeper.clock.unixMs)
    })
  laidOver('copyFileSync', (process, [from, to, mode], real) => {
    const place = process.files.write(to)
    real(process.files.read(from), place, mode)
    wrote(process, place)
  })
  laidOver('renameSync', ({ files, keeper }, [from, to], real) => {
    const places = [files.write(from), files.write(to, { keep: false })] as const
    real(...places)
    const [before, after] = places
    if (before === after) return
    if (files.holds(before) && files.holds(after)) {
      files.times.moved(before, after)
      for (const place of [before, after]) files.times.touched(path.dirname(place), keeper.clock.unixMs)
    }
    files.remove(from)
  })
}

function patchAsynchronous(): void {
  for (const name of [...READS, ...DESCRIPTORS, ...CHANGES, ...WRITES, ...TIMES, ...MORE])
    answerByTwin(fs, name)
  answerByTwin(fs, 'exists', { bare: true })
  within(fs, 'read', read)
  within(fs, 'write', (process, args) => write(process, args))
  for (const name of REFUSED) {
    for (const each of [name, `${name}Sync`])
      refuse(fs, each, `fs.${each}`, INSTEAD, ([file]) => String(file))
    refusePromise(fs.promises, name, `fs.promises.${name}`, INSTEAD, ([file]) => String(file))
  }
  for (const name of [...READS, ...CHANGES, ...WRITES, ...TIMES, ...MORE]) {
    if (name === 'open') continue
    const twin = functionOf(fs, `${name}Sync`)
    within(fs.promises, name, (process, args) => answerPromise(process, () => twin.apply(fs, args)))
  }
}

/** `(descriptor, buffer, …, callback)` or `(descriptor, { buffer, … }, callback)`. */
function read(process: Proc, args: Args): void {
  const [descriptor, second, ...rest] = args.slice(0, -1)
  const options = (ArrayBuffer.isView(second) ? undefined : second) as { buffer?: unknown } | undefined
  const buffer = ArrayBuffer.isView(second) ? second : (options?.buffer ?? Buffer.alloc(16_384))
  const readSync = functionOf(fs, 'readSync')
  const how = options === undefined ? rest : [options]
  answer(process, () => readSync(descriptor, buffer, ...how), args.at(-1) as AnyFunction, {
    spread: (bytes) => [bytes, buffer],
  })
}

function write(process: Proc, args: Args): void {
  const done = args.at(-1) as AnyFunction
  const [descriptor, data, ...rest] = args.slice(0, -1)
  const writeSync = functionOf(fs, 'writeSync')
  const work = (): unknown =>
    printToDescriptor(process, descriptor, data) ? sizeOf(data) : writeSync(descriptor, data, ...rest)
  answer(process, work, done, { spread: (bytes) => [bytes, data] })
}
