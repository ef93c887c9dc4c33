import asyncHooks, { AsyncLocalStorage } from 'node:async_hooks'
import crypto from 'node:crypto'
import { on } from 'node:events'
import fs from 'node:fs'
import { appendFile, mkdir, open, opendir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import timers from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import { BroadcastChannel as NodeBroadcast, MessageChannel as NodeChannel } from 'node:worker_threads'
import zlib from 'node:zlib'

const HERE = import.meta.filename
const FOLDER = path.join(os.tmpdir(), 'onceover-controlled-nothing-is-here')
const hash = (value: unknown): string =>
  crypto
    .createHash('sha1')
    .update(ArrayBuffer.isView(value) ? (value as Uint8Array) : String(value))
    .digest('hex')
const bytes = (data: ArrayBuffer): string => hash(new Uint8Array(data))

v8.setFlagsFromString('--expose-gc')
const collect = vm.runInNewContext('gc') as () => void

/** Bytes of the smallest WebAssembly program. */
const PROGRAM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])
interface Wasm {
  compile(source: unknown): Promise<object>
  instantiate(source: unknown): Promise<object>
  compileStreaming(source: unknown): Promise<object>
}
const wasm = Reflect.get(globalThis, 'WebAssembly') as Wasm
const shared = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))

async function written(name: string, content: string): Promise<string> {
  await mkdir(FOLDER, { recursive: true })
  await writeFile(path.join(FOLDER, name), content)
  return path.join(FOLDER, name)
}

async function all<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const list: Value[] = []
  for await (const value of values) list.push(value)
  return list
}

/** The columns of the first row. */
function selected(columns: string): string {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
  const database = new DatabaseSync(':memory:')
  const statement = database.prepare(`select ${columns}`)
  statement.setReadBigInts(true)
  const row = statement.get() ?? {}
  database.close()
  return Object.values(row).join()
}

/** Work that is a simulated process's own in each run: its value is the same in every one. */
export const CONTROLLED: Readonly<Record<string, () => unknown>> = {
  'SQLite, its chance': () => hash(selected('random(), hex(randomblob(16)), abs(random())')),
  'SQLite, its clock': () =>
    selected(
      "current_timestamp, datetime('NOW'), date(), unixepoch(), strftime('%f', 'now'), strftime('%Y'), unixepoch('subsec')",
    ),
  'SQLite, its clock in a default and an index': () => {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const database = new DatabaseSync(':memory:', { open: false })
    database.open()
    database.exec("create table a (b text default current_timestamp, c text default (date('now', '+1 day')))")
    database.exec('create index i on a (datetime(b)); insert into a default values')
    return Object.values(database.prepare('select *, typeof(unixepoch()) from a').get() ?? {}).join()
  },
  'SQLite, times that are given': () =>
    selected(
      "date('2024-02-29', '+1 year'), julianday('2000-01-01'), timediff('2024-03-01', '2024-02-01'), datetime(null)",
    ),
  'the report of Node': () => {
    const { header, ...rest } = process.report.getReport() as { header: { arch: string; cpus?: unknown } }
    return `${header.arch === process.arch} ${header.cpus} ${Object.keys(rest).join()}`
  },
  'FileHandle.stat': async () => {
    const file = await open(HERE)
    const { size } = await file.stat()
    await file.close()
    return `${size === fs.statSync(HERE).size} ${file.fd}`
  },
  'FileHandle.read and write': async () => {
    const file = await open(await written('a.txt', 'hello'), 'r+')
    await file.write(' there', 5)
    const { bytesRead, buffer: read } = await file.read(Buffer.alloc(20), 0, 20, 0)
    await file.truncate(8)
    await file.sync()
    await file.datasync()
    const short = String(await file.readFile())
    await file.close()
    return `${bytesRead} ${String(read.subarray(0, bytesRead))} ${short} ${(await file.stat().catch(({ code }) => code)) as string}`
  },
  'FileHandle.readv and writev': async () => {
    const file = await open(await written('a.txt', ''), 'w+')
    await file.writev([Buffer.from('one'), Buffer.from('two')])
    const parts = [Buffer.alloc(2), Buffer.alloc(3)]
    const { bytesRead } = await file.readv(parts, 1)
    await file.close()
    return `${bytesRead} ${parts.map(String).join('|')}`
  },
  'FileHandle.readFile, writeFile and appendFile': async () => {
    const file = await open(await written('a.txt', ''), 'w+')
    await file.writeFile('all')
    await file.appendFile(' of it')
    await file.close()
    return await readFile(path.join(FOLDER, 'a.txt'), 'utf8')
  },
  'functions that are given a FileHandle': async () => {
    const file = await open(await written('a.txt', ''), 'r+')
    await writeFile(file, 'abc')
    await appendFile(file, 'd')
    const read = await readFile(await open(path.join(FOLDER, 'a.txt')), 'utf8')
    return `${read} ${await text(fs.createReadStream('', { fd: file, start: 1 }))} ${file.fd}`
  },
  'FileHandle.readLines': async () => {
    const file = await open(await written('lines.txt', 'a\nb\r\nc'))
    const lines = await all(file.readLines())
    await timers.setTimeout(1)
    return `${lines} ${file.fd}`
  },
  'FileHandle streams': async () => {
    const to = await open(await written('s.txt', ''), 'w')
    const stream = to.createWriteStream()
    let closed = false
    Reflect.get(to, 'on').call(to, 'close', () => {
      closed = true
    })
    Readable.from(['ab', 'cd']).pipe(stream)
    await new Promise((resolve) => stream.on('close', () => resolve(null)))
    const from = await open(path.join(FOLDER, 's.txt'))
    const half = await text(from.createReadStream({ start: 1, end: 2, autoClose: false }))
    const web = await open(path.join(FOLDER, 's.txt'))
    return `${half} ${closed} ${from.fd === -1} ${await new Response(web.readableWebStream() as unknown as Blob).text()}`
  },
  'fs.promises.open of a file that is not there': async () =>
    await open(path.join(FOLDER, 'none')).catch(({ code }) => code as string),
  opendir: async () => {
    await written('a.txt', '')
    await written('b.txt', '')
    return (await all(await opendir(FOLDER))).map(({ name }) => name).join()
  },
  'opendirSync and Dir.read': async () => {
    await written('a.txt', '')
    const folder = fs.opendirSync(FOLDER)
    const first = await folder.read()
    const second = folder.readSync()
    await folder.close()
    return `${first?.name} ${second === null} ${folder.path === FOLDER}`
  },
  glob: async () => {
    await written('a.txt', '')
    await written('b.md', '')
    return (await all(fs.promises.glob(path.join(FOLDER, '*.txt')))).map((each) => path.basename(each)).join()
  },
  openAsBlob: async () => await (await fs.openAsBlob(await written('a.txt', 'blob'))).text(),
  'Blob.text, arrayBuffer and bytes': async () =>
    `${await new Blob(['ab', 'c']).text()} ${(await new Blob(['abc']).arrayBuffer()).byteLength}`,
  'Blob.stream': async () => {
    const chunks = await all(
      new Blob([Buffer.alloc(100_000, 1)]).stream() as unknown as AsyncIterable<Uint8Array>,
    )
    return chunks.map((chunk) => chunk.length).join()
  },
  'Blob.stream of nothing': async () => await new Response(new Blob([]).stream()).text(),
  'Response of a blob': async () => await new Response(new Blob(['abc'])).text(),
  CompressionStream: async () => {
    const packed = new Blob(['abc'.repeat(1000)]).stream().pipeThrough(new CompressionStream('gzip'))
    return bytes(await new Response(packed as unknown as Blob).arrayBuffer())
  },
  'zlib streams': async () => hash(await buffer(Readable.from(['abc']).pipe(new zlib.Gzip()))),
  'crypto.subtle': async () => bytes(await globalThis.crypto.subtle.digest('SHA-256', PROGRAM)),
  'crypto.randomUUID and randomBytes': () =>
    `${crypto.randomUUID()} ${crypto.randomBytes(4).toString('hex')}`,
  'crypto.randomUUIDv7': () => {
    // Of Node 26, and of later versions of Node 24.
    const make = Reflect.get(crypto, 'randomUUIDv7') as (() => string) | undefined
    return make === undefined ? 'none' : make()
  },
  'WebAssembly.compile': async () => String(await wasm.compile(PROGRAM)),
  'WebAssembly.instantiate': async () => Object.keys(await wasm.instantiate(PROGRAM)).join(),
  'WebAssembly.compileStreaming': async () =>
    String(
      await wasm.compileStreaming(
        Promise.resolve(new Response(PROGRAM, { headers: { 'content-type': 'application/wasm' } })),
      ),
    ),
  'Atomics.waitAsync, until it is woken': async () => {
    const numbers = shared()
    const { value } = Atomics.waitAsync(numbers, 1, 0)
    const woken = [Atomics.notify(numbers, 0), Atomics.notify(numbers, 1), Atomics.notify(numbers, 1)]
    return `${woken} ${await value}`
  },
  'Atomics.waitAsync, until its time is over': async () => {
    const startMs = Date.now()
    const outcome = await Atomics.waitAsync(shared(), 0, 0, 5_000).value
    return `${outcome} ${Date.now() - startMs} ${Atomics.waitAsync(shared(), 0, 1).value}`
  },
  'Atomics.wait': () => `${Atomics.wait(shared(), 0, 0, 60_000)} ${Atomics.wait(shared(), 0, 1)}`,
  MessageChannel: async () => {
    const { port1, port2 } = new MessageChannel()
    const message = new Promise((resolve) => {
      Reflect.set(port2, 'onmessage', ({ data }: MessageEvent) => resolve(data))
    })
    port1.postMessage('across')
    return await message
  },
  'MessageChannel of node:worker_threads': async () => {
    const { port1, port2 } = new NodeChannel()
    const message = new Promise((resolve) => port2.on('message', resolve))
    port1.postMessage([1, 2])
    return String(await message)
  },
  BroadcastChannel: async () => {
    const [from, to] = [new BroadcastChannel('news'), new NodeBroadcast('news')]
    const message = new Promise((resolve) => {
      to.onmessage = (event) => resolve((event as MessageEvent).data)
    })
    from.postMessage('heard')
    return await message
  },
  'Event.timeStamp': async () => {
    await timers.setTimeout(30)
    return new Event('x').timeStamp
  },
  'clocks in a new context': async () => {
    await timers.setTimeout(30)
    return String(
      vm.runInNewContext(
        '[Date.now(), +new Date(), Date(), new Date(5) instanceof Date, new Date().constructor === Date, new Date(0).toLocaleString()]',
      ),
    )
  },
  'chance in a context': () => {
    const context = vm.createContext({ seen: 0 })
    const script = new vm.Script('seen = Math.random()')
    return `${script.runInContext(context)} ${script.runInNewContext({})} ${vm.runInContext('Math.random()', context)} ${Object.keys(context)}`
  },
  clocks: async () => {
    await timers.setTimeout(30)
    return `${Date.now()} ${performance.now()} ${performance.timeOrigin} ${process.hrtime.bigint()} ${process.uptime()} ${os.uptime()}`
  },
  'performance.mark, measure and toJSON': async () => {
    performance.mark('a')
    await timers.setTimeout(7)
    const { duration } = performance.measure('m', 'a')
    return `${duration} ${JSON.stringify(performance.toJSON())} ${performance.timerify(() => 3)()}`
  },
  'PerformanceObserver of Node’s own entries': async () => {
    let seen = 0
    const observer = new PerformanceObserver((list) => {
      seen += list.getEntries().length
    })
    observer.observe({ entryTypes: ['gc', 'function'] })
    await timers.setTimeout(3)
    return seen
  },
  'Intl, local time and the locale': () =>
    [
      new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' }).format(),
      new Date('2025-06-01T00:00:00').getTime(),
      new Date(0).toString(),
      (1_234_567.891).toLocaleString(),
      new Date(0).toLocaleString(),
      'i'.toLocaleUpperCase(),
      ['ı', 'i', 'z', 'ä'].sort(new Intl.Collator().compare).join(''),
      ['z', 'ä'].sort((a, b) => a.localeCompare(b)).join(''),
      new Intl.NumberFormat().resolvedOptions().locale,
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    ].join('\n'),
  'memory and processor': () =>
    JSON.stringify([
      process.memoryUsage(),
      process.memoryUsage.rss(),
      process.cpuUsage(),
      process.resourceUsage(),
      process.availableMemory(),
      v8.getHeapStatistics().used_heap_size,
      os.freemem(),
      os.loadavg(),
      os.cpus(),
      performance.eventLoopUtilization(),
    ]),
  'the process': () =>
    `${process.pid} ${process.ppid} ${process.umask(0o077)} ${process.umask()} ${process.getActiveResourcesInfo()}`,
  'the machine': () =>
    JSON.stringify([os.hostname(), os.totalmem(), os.availableParallelism(), os.networkInterfaces()]),
  'standard input': async () => (await all(process.stdin)).length,
  'numbers of timers': () => {
    const [first, second] = [setTimeout(() => {}, 5), setTimeout(() => {}, 5)]
    return `${Number(first)} ${Number(second)}`
  },
  'async ids': async () => {
    const ids = [asyncHooks.executionAsyncId(), asyncHooks.triggerAsyncId()]
    await timers.setTimeout(1)
    return [...ids, asyncHooks.executionAsyncId()].join()
  },
  AsyncLocalStorage: async () => {
    const storage = new AsyncLocalStorage<number>()
    return await storage.run(7, async () => {
      await timers.setTimeout(1)
      return storage.getStore()
    })
  },
  'what the garbage collector takes': async () => {
    let taken = 0
    const registry = new FinalizationRegistry(() => {
      taken += 1
    })
    const make = (): WeakRef<object> => {
      const object = { big: new Array(10_000).fill(0) }
      registry.register(object, 1)
      return new WeakRef(object)
    }
    const references = [make(), make()]
    await timers.setTimeout(1)
    collect()
    await timers.setTimeout(1)
    return `${references.filter((each) => each.deref() !== undefined).length} ${taken}`
  },
  'lines of a stream': async () => (await all(createInterface({ input: Readable.from(['a\nb\n']) }))).join(),
  'events.on': async () => {
    const target = new EventTarget()
    setTimeout(() => target.dispatchEvent(new Event('x')), 3)
    for await (const [event] of on(target as never, 'x')) return (event as Event).timeStamp
    return null
  },
}
