import { exec, execFile, fork, spawn, spawnSync } from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import fs, { mkdtempSync, writeFileSync } from 'node:fs'
import http, { get, request } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import inspector from 'node:inspector'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import v8 from 'node:v8'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import { inProcess } from '../testing/room.ts'

const ATTEMPTS: readonly [string, () => unknown][] = [
  ['child_process.exec', () => exec('true')],
  ['child_process.execFile', () => execFile('true')],
  ['child_process.spawn', () => spawn('true')],
  ['child_process.spawnSync', () => spawnSync('true')],
  ['child_process.fork', () => fork('x.js')],
  ['cluster.fork', () => cluster.fork()],
  ['worker_threads.Worker', () => new Worker('', { eval: true })],
  ['dgram.createSocket', () => dgram.createSocket('udp4')],
  ['http.request', () => request('http://localhost')],
  ['http.get', () => get('http://localhost')],
  ['https.request', () => https.request('https://localhost')],
  ['http2.connect', () => http2.connect('http://localhost')],
  ['fetch', () => fetch('http://localhost')],
  ['WebSocket', () => new WebSocket('ws://localhost')],
  ['fs.watch', () => fs.watch('/tmp')],
  ['process.binding', () => Reflect.get(process, 'binding')('tcp_wrap')],
  ['inspector.open', () => inspector.open(0)],
  ['inspector.Session.connect', () => new inspector.Session().connect()],
  ['Atomics.wait', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)],
  ['process.report.writeReport', () => process.report.writeReport('report.json')],
  ['v8.setFlagsFromString', () => v8.setFlagsFromString('--no-opt')],
  ['v8.writeHeapSnapshot', () => v8.writeHeapSnapshot(path.join(tmpdir(), 'onceover.heapsnapshot'))],
  ['process.setuid', () => process.setuid?.(0)],
  ['fs.cpSync', () => fs.cpSync('/tmp', '/tmp/onceover-copy', { recursive: true })],
  ['fs.symlinkSync', () => fs.symlinkSync('/tmp', '/tmp/onceover-link')],
  ['process.dlopen', () => process.dlopen({ exports: {} }, '/nothing.node')],
  ['process.chdir', () => process.chdir('/')],
]

/** The sentence with which the run ended. */
async function endOf(attempt: () => unknown): Promise<string> {
  const log: string[] = []
  const error: unknown = await inProcess(async ({ say }) => {
    say('before')
    await attempt()
    say('after')
  }).then(
    () => null,
    (each: unknown) => each,
  )
  expect(log).toEqual([])
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message
}

describe('what a simulation cannot give', () => {
  it.each(ATTEMPTS)('%s ends the run by its name', async (name, attempt) => {
    const sentence = await endOf(attempt)
    expect(sentence).toMatch(/^p (?:calls|makes a|connects to) /)
    expect(sentence).toContain(name)
    expect(sentence).toContain('outside the simulation')
  })

  const quietly = async (attempt: () => unknown): Promise<void> => {
    try {
      await attempt()
    } catch {
      // As code that can do without it does.
    }
  }
  it.each<[string, () => unknown]>([
    ['caught', () => quietly(() => fetch('http://localhost'))],
    ['caught and done otherwise', () => quietly(() => spawn('true')).then(() => later(10))],
    ['rejected, and nobody waits', () => void fetch('http://localhost').catch(() => {})],
    [
      'in a timer',
      () => new Promise((resolve) => setTimeout(() => resolve(quietly(() => spawn('true'))), 5)),
    ],
    ['when it ends', () => process.on('exit', () => void quietly(() => spawn('true'))) && process.exit(0)],
  ])('whatever the code does with the error: %s', async (_how, attempt) => {
    expect(await endOf(attempt)).toMatch(/fetch|spawn/)
  })

  it('the sentence has what was called for, and the user’s line', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'onceover-'))
    const file = path.join(folder, 'prices.mjs')
    writeFileSync(
      file,
      'export async function prices() {\n  return await fetch("http://prices.example/1")\n}\n',
    )
    const { prices } = (await import(/* @vite-ignore */ file)) as { prices(): unknown }
    expect(await endOf(prices)).toMatch(
      /^p calls fetch for http:\/\/prices\.example\/1 \(at .*prices .*prices\.mjs:2:16\)?\): that is outside/,
    )
  })

  it('a process that has ended is not told any more', async () => {
    const log = await inProcess(
      ({ say }) => {
        process.on('exit', () => say('exit'))
        try {
          process.exit(1)
        } finally {
          spawn('true')
        }
      },
      { seconds: 0.5 },
    )
    expect(log).toEqual(['0 exit', '0 p exited 1'])
  })

  it('outside all of it is there', async () => {
    await inProcess(() => {})
    expect(spawnSync('true').status).toBe(0)
    const server = net.createServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, resolve))
    const { port } = server.address() as net.AddressInfo
    const text = await new Promise((resolve) => net.connect(port).on('data', resolve))
    expect(String(text)).toBe('hello')
    const agent = new http.Agent()
    const failed = new Promise((resolve) => http.get({ port: 1, agent }).on('error', resolve))
    expect(((await failed) as NodeJS.ErrnoException).code).toBe('ECONNREFUSED')
    server.close()
    const worker = new Worker('', { eval: true })
    expect(worker).toBeInstanceOf(Worker)
    await worker.terminate()
    expect((await crypto.subtle.digest('SHA-256', new Uint8Array(1))).byteLength).toBe(32)
  })
})
