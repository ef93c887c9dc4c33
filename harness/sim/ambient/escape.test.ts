import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import childProcess from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs, { existsSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import inspector from 'node:inspector'
import { Session as PromisedSession } from 'node:inspector/promises'
import { createRequire } from 'node:module'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { run as runTests } from 'node:test'
import timers from 'node:timers'
import tls from 'node:tls'
import v8 from 'node:v8'
import vm from 'node:vm'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcess } from '../testing/room.ts'

const pool = new AsyncResource('a pool that was made at import')
const snapshot = AsyncLocalStorage.snapshot()
const bound = AsyncResource.bind((work: () => unknown) => work())

const folder = mkdtempSync(path.join(os.tmpdir(), 'onceover-escape-'))
const left = path.join(folder, 'left')
let reached = 0
const server = net.createServer((socket) => {
  reached += 1
  socket.destroy()
})
let port = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true })
})

const connect = (from: Pick<typeof net, 'connect'> = net): void =>
  void from.connect(port, '127.0.0.1').on('error', () => {})
const ask = (): void =>
  void http
    .request({ port, host: '127.0.0.1', agent: false })
    .on('error', () => {})
    .end()
const touch = (): unknown => childProcess.execSync(`touch ${left}`)
const bindingOf = (name: string): Record<string, new (...args: unknown[]) => Record<string, unknown>> =>
  Reflect.get(process, 'binding').call(process, name) as never

const spawnByClass = (): unknown => {
  const child = new childProcess.ChildProcess()
  return Reflect.get(child, 'spawn').call(child, { file: 'touch', args: ['touch', left], envPairs: [] })
}

/** Ways out of the simulation, each of which ends the run before it leads anywhere. */
const WAYS: readonly [string, () => unknown][] = [
  ['net.connect', () => connect()],
  ['net of getBuiltinModule', () => connect(process.getBuiltinModule('net'))],
  ['net of require', () => connect(createRequire(import.meta.url)('net') as typeof net)],
  ['net of a vm script', () => vm.runInThisContext('(connect) => connect()')(connect)],
  ['a socket of its own', () => new net.Socket().on('error', () => {}).connect(port, '127.0.0.1')],
  [
    'a request with an agent of its own',
    () => new http.ClientRequest({ port, agent: new http.Agent() }).on('error', () => {}).end(),
  ],
  ['net in a pool from before', () => pool.runInAsyncScope(() => connect())],
  ['net in a snapshot from before', () => snapshot(() => connect())],
  ['http in what was bound before', () => bound(ask)],
  ['net in a microtask', () => queueMicrotask(() => connect())],
  ['net in a timer of node:timers', () => timers.setTimeout(() => connect(), 1)],
  ['a shell in a pool from before', () => pool.runInAsyncScope(touch)],
  [
    'a thread in a pool from before',
    () =>
      pool.runInAsyncScope(() => new Worker(`require('fs').writeFileSync('${left}', '')`, { eval: true })),
  ],
  ['process.binding of sockets', () => bindingOf('tcp_wrap')],
  ['process.binding of processes', () => bindingOf('spawn_sync')],
  ['a child by its class', () => spawnByClass()],
  [
    'a child in the place of this process',
    () => Reflect.get(process, 'execve')?.('/bin/touch', ['touch', left]),
  ],
  ['a signal by what is below process.kill', () => Reflect.get(process, '_kill')(process.ppid, 0)],
  ['a package of native code', () => process.dlopen({ exports: {} }, left)],
  ['a fork of the cluster', () => cluster.fork()],
  ['a thread of a package, when it is loaded', () => new (bound(() => Worker) as typeof Worker)(left)],
  ['net over TLS', () => tls.connect(port, '127.0.0.1').on('error', () => {})],
  ['a datagram', () => dgram.createSocket('udp4').send('x', port, '127.0.0.1')],
  ['HTTP/2', () => http2.connect(`http://127.0.0.1:${port}`).on('error', () => {})],
  ['a resolver of its own', () => new dns.promises.Resolver().resolve4('localhost.example')],
  ['tests of node:test in children', () => void runTests({ files: [left] }).on('error', () => {})],
  ['a debugger with promises', () => new PromisedSession().connect()],
  ['a copy by native code', () => fs.cpSync(import.meta.filename, left)],
  ['a link', () => fs.symlinkSync(import.meta.filename, left)],
  ['the heap in a file', () => v8.writeHeapSnapshot(left)],
  ['a report in a file', () => process.report.writeReport(left)],
  ['the debugger', () => inspector.open(0, '127.0.0.1')],
]

describe('a way out of the simulation', () => {
  it.each(WAYS)('leads nowhere, and ends the run: %s', async (_name, leave) => {
    const run = inProcess(async () => {
      try {
        await leave()
      } catch {
        // As code that tries everything does.
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    })
    await expect(run).rejects.toThrow('outside the simulation')
    await new Promise((resolve) => server.getConnections(resolve))
    expect([reached, existsSync(left), inspector.url()]).toEqual([0, false, undefined])
  })

  it('what would change the harness changes the process alone', async () => {
    const file = path.join(folder, 'of-env')
    fs.writeFileSync(file, 'ONCEOVER_ESCAPED=yes')
    const log = await inProcess(({ say }) => {
      process.stdout.end()
      fs.closeSync(1)
      process.loadEnvFile(file)
      say(`${process.env['ONCEOVER_ESCAPED']} ${process.stdout.writable}`)
    })
    expect([log[0], process.env['ONCEOVER_ESCAPED'], fs.fstatSync(1).nlink > 0]).toEqual([
      '0 yes true',
      undefined,
      true,
    ])
  })

  it('what is written to a file is gone with the run', async () => {
    const log = await inProcess(({ say }) => {
      fs.writeFileSync(left, 'x')
      say(fs.readFileSync(left, 'utf8'))
    })
    expect([log[0], existsSync(left)]).toEqual(['0 x', false])
  })
})

it('the server that none of them reached is there', async () => {
  await new Promise((resolve) => net.connect(port, '127.0.0.1').on('close', resolve))
  expect(reached).toBe(1)
})
