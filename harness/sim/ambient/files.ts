import fs from 'node:fs'
import type { Proc } from '../process.ts'
import { printToDescriptor, sizeOf } from './output.ts'
import { type AnyFunction, refusal, refuse, refusePromise, within } from './patch.ts'
import { answer, answerByTwin, answerPromise } from './thread-pool.ts'

const READS = [
  'readFile',
  'stat',
  'lstat',
  'fstat',
  'statfs',
  'access',
  'readdir',
  'readlink',
  'realpath',
  'close',
]
const WRITES = [
  'writeFile',
  'appendFile',
  'mkdir',
  'mkdtemp',
  'rm',
  'rmdir',
  'unlink',
  'rename',
  'copyFile',
  'cp',
  'truncate',
  'ftruncate',
  'chmod',
  'chown',
  'utimes',
  'link',
  'symlink',
  'fsync',
  'fdatasync',
  'writev',
  'readv',
  'opendir',
  'glob',
  'watch',
  'watchFile',
  'openAsBlob',
]
const INSTEAD =
  'its end is not under control, and files outlive the run; keep state in memory or in context.store'

/**
 * Files: what is read asynchronously is read at once and told as an event of its own; what is written asynchronously is
 * refused. Synchronous functions are left alone. `fs.promises.open` is not under control: `leaks.ts` names it.
 */
export function patchFiles(): void {
  for (const name of READS) answerByTwin(fs, name)
  answerByTwin(fs, 'exists', { bare: true })
  answerByTwin(fs, 'open')
  within(fs, 'read', read)
  within(fs, 'write', (process, args) => write(process, args))
  for (const name of WRITES) refuse(fs, name, `fs.${name}`, INSTEAD)
  const { promises } = fs
  for (const name of READS) {
    const twin = Reflect.get(fs, `${name}Sync`) as AnyFunction
    within(promises, name, (process, args) => answerPromise(process, () => twin.apply(fs, args as unknown[])))
  }
  for (const name of WRITES) refusePromise(promises, name, `fs.promises.${name}`, INSTEAD)
}

/** `(descriptor, buffer, …, callback)` or `(descriptor, { buffer, … }, callback)`. */
function read(process: Proc, args: readonly unknown[]): void {
  const [descriptor, second, ...rest] = args.slice(0, -1)
  const options = (ArrayBuffer.isView(second) ? undefined : second) as { buffer?: unknown } | undefined
  const buffer = ArrayBuffer.isView(second) ? second : (options?.buffer ?? Buffer.alloc(16_384))
  const readSync = fs.readSync as unknown as AnyFunction
  const how = options === undefined ? rest : [options]
  answer(process, () => readSync(descriptor, buffer, ...how), args.at(-1) as AnyFunction, {
    spread: (bytes) => [bytes, buffer],
  })
}

function write(process: Proc, args: readonly unknown[]): void {
  if (!printToDescriptor(process, args[0], args[1])) throw refusal(process, 'calls fs.write', INSTEAD)
  const done = args.at(-1) as AnyFunction
  process.soon(0, () => done(null, sizeOf(args[1]), args[1]))
}
