import { EventEmitter } from 'node:events'
import fs, { type ReadStream, type WriteStream } from 'node:fs'
import { createInterface, type Interface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Proc } from '../process.ts'
import { type AnyFunction, functionOf, within } from './patch.ts'
import { answerPromise } from './thread-pool.ts'

/** Node's default of a read without a buffer. */
const BUFFER_BYTES = 16_384

/** Methods that pass their arguments on to a synchronous function of a descriptor. */
const TWINS = {
  chmod: 'fchmodSync',
  chown: 'fchownSync',
  datasync: 'fdatasyncSync',
  stat: 'fstatSync',
  sync: 'fsyncSync',
  truncate: 'ftruncateSync',
  utimes: 'futimesSync',
  appendFile: 'appendFileSync',
  readFile: 'readFileSync',
  writeFile: 'writeFileSync',
} as const

interface ReadOptions {
  readonly buffer?: NodeJS.ArrayBufferView
  readonly offset?: number | null
  readonly length?: number | null
  readonly position?: number | bigint | null
}

interface StreamOptions {
  readonly fd?: unknown
  readonly autoClose?: boolean
}

/**
 * A file that is open, as `fs.promises.open` gives it: what it is asked for is done at once by the
 * synchronous functions of its descriptor, and answered as an event of the process.
 */
export class FileHandle extends EventEmitter {
  readonly #process: Proc
  #fd: number
  #closing: Promise<void> | null = null
  declare readonly readFile: AnyFunction
  declare readonly writeFile: AnyFunction
  declare readonly appendFile: AnyFunction

  constructor(process: Proc, fd: number) {
    super()
    this.#process = process
    this.#fd = fd
  }

  /** -1: it is closed. */
  get fd(): number {
    return this.#fd
  }

  read(
    given?: NodeJS.ArrayBufferView | ReadOptions,
    offset?: number | ReadOptions | null,
    length?: number | null,
    position?: number | bigint | null,
  ): Promise<unknown> {
    const buffer = ArrayBuffer.isView(given) ? given : (given?.buffer ?? Buffer.alloc(BUFFER_BYTES))
    const first = ArrayBuffer.isView(given) ? offset : given
    const how: ReadOptions =
      typeof first === 'object' && first !== null
        ? first
        : { offset: first ?? 0, length: length ?? null, position: position ?? null }
    const from = how.offset ?? 0
    return this.#answer('read', () => ({
      bytesRead: fs.readSync(
        this.#fd,
        buffer,
        from,
        how.length ?? buffer.byteLength - from,
        how.position ?? null,
      ),
      buffer,
    }))
  }

  readv(buffers: readonly NodeJS.ArrayBufferView[], position?: number): Promise<unknown> {
    return this.#answer('read', () => ({ bytesRead: fs.readvSync(this.#fd, buffers, position), buffers }))
  }

  write(data: NodeJS.ArrayBufferView | string, ...place: unknown[]): Promise<unknown> {
    const writeSync = functionOf(fs, 'writeSync')
    return this.#answer('write', () => ({
      bytesWritten: writeSync(this.#fd, data, ...place),
      buffer: data,
    }))
  }

  writev(buffers: readonly NodeJS.ArrayBufferView[], position?: number): Promise<unknown> {
    return this.#answer('write', () => ({
      bytesWritten: fs.writevSync(this.#fd, buffers, position),
      buffers,
    }))
  }

  createReadStream(options: StreamOptions = {}): ReadStream {
    return this.#owned(fs.createReadStream('', { ...options, fd: this.#fd }), options)
  }

  createWriteStream(options: StreamOptions = {}): WriteStream {
    return this.#owned(fs.createWriteStream('', { ...options, fd: this.#fd }), options)
  }

  readLines(options: StreamOptions = {}): Interface {
    return createInterface({ input: this.createReadStream(options), crlfDelay: Number.POSITIVE_INFINITY })
  }

  readableWebStream(): unknown {
    return Readable.toWeb(this.createReadStream({ autoClose: false }))
  }

  close(): Promise<void> {
    this.#closing ??= answerPromise(this.#process, () => this.#release()).then(() => undefined)
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  getAsyncId(): number {
    return 0
  }

  #release(): void {
    const fd = this.#fd
    this.#fd = -1
    if (fd === -1) return
    fs.closeSync(fd)
    this.emit('close')
  }

  /** A stream closes the file with itself, unless it was told not to. */
  #owned<Stream extends ReadStream | WriteStream>(
    stream: Stream,
    { autoClose = true }: StreamOptions,
  ): Stream {
    if (!autoClose) return stream
    const emitter: EventEmitter = stream
    emitter.once('close', () => {
      this.#fd = -1
      this.emit('close')
    })
    return stream
  }

  #answer(call: string, work: () => unknown): Promise<unknown> {
    return answerPromise(this.#process, () => {
      if (this.#fd === -1)
        throw Object.assign(new Error('file closed'), { code: 'EBADF', syscall: call, errno: -9 })
      return work()
    })
  }

  static {
    for (const [method, twin] of Object.entries(TWINS))
      Object.defineProperty(FileHandle.prototype, method, {
        configurable: true,
        writable: true,
        value: function (this: FileHandle, ...args: unknown[]) {
          return this.#answer(method, () => functionOf(fs, twin)(this.#fd, ...args))
        },
      })
  }
}

/**
 * `fs.promises.open`: the real files are read, what is written goes to the overlay. Functions that
 * take such a file in the place of a name know it.
 */
export function patchFileHandles(): void {
  within(fs.promises, 'open', (process, [file, flags, mode]) =>
    answerPromise(
      process,
      () => new FileHandle(process, fs.openSync(file as string, flags as string, mode as number)),
    ),
  )
  for (const name of ['readFile', 'writeFile', 'appendFile'] as const)
    within(fs.promises, name, (_process, [file, ...rest], real) =>
      file instanceof FileHandle ? file[name](...rest) : real.call(fs.promises, file, ...rest),
    )
  for (const name of ['createReadStream', 'createWriteStream'] as const)
    within(fs, name, (_process, [file, options], real) => {
      if (typeof options !== 'object' || options === null || !('fd' in options))
        return real.call(fs, file, options)
      const { fd } = options
      return fd instanceof FileHandle ? fd[name](options) : real.call(fs, file, options)
    })
}
