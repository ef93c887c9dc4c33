import { exec, execFile, fork, spawn, spawnSync } from 'node:child_process'
import cluster from 'node:cluster'
import dgram from 'node:dgram'
import fs from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import http, { get, request } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import net, { createServer } from 'node:net'
import { MessageChannel as Channel, Worker } from 'node:worker_threads'
import zlib from 'node:zlib'
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
  ['worker_threads.MessageChannel', () => new Channel()],
  ['MessageChannel', () => new MessageChannel()],
  ['BroadcastChannel', () => new BroadcastChannel('x')],
  ['net.Server.listen', () => net.createServer().listen(0)],
  ['net.Server.listen', () => createServer().listen({ port: 0 })],
  ['net.Server.listen', () => http.createServer().listen(0)],
  ['dgram.createSocket', () => dgram.createSocket('udp4')],
  ['http.request', () => request('http://localhost')],
  ['http.get', () => get('http://localhost')],
  ['https.request', () => https.request('https://localhost')],
  ['http2.connect', () => http2.connect('http://localhost')],
  ['fetch', () => fetch('http://localhost')],
  ['WebSocket', () => new WebSocket('ws://localhost')],
  ['fs.writeFile', () => fs.writeFile('/tmp/x', 'x', () => {})],
  ['fs.write', () => fs.write(99, 'x', () => {})],
  ['fs.watch', () => fs.watch('/tmp')],
  ['fs.promises.writeFile', () => writeFile('/tmp/x', 'x')],
  ['fs.promises.appendFile', () => appendFile('/tmp/x', 'x')],
  ['zlib.createGzip', () => zlib.createGzip()],
  ['CompressionStream', () => new CompressionStream('gzip')],
  ['crypto.subtle.digest', () => crypto.subtle.digest('SHA-256', new Uint8Array(1))],
  ['process.chdir', () => process.chdir('/')],
]

describe('what a simulation cannot give', () => {
  it.each(ATTEMPTS)('%s is refused by its name, and the code may do without it', async (name, attempt) => {
    const refused: string[] = []
    const log = await inProcess(
      async ({ say }) => {
        try {
          await attempt()
          say('allowed')
        } catch (error) {
          say(`${(error as UsageError).code} ${(error as Error).message.split(',')[0]}`)
        }
      },
      { onRefused: (process, error) => refused.push(`${process.name} ${error.code}`) },
    )
    expect(log).toEqual([`0 unsupported-in-simulation ${name} was called in p`])
    expect(refused).toEqual(['p unsupported-in-simulation'])
  })

  it.each<[string, () => unknown]>([
    ['thrown', () => spawn('true')],
    ['rejected', () => void fetch('http://localhost')],
    ['rejected by main', () => fetch('http://localhost')],
  ])('ends the run with that error where nobody catches it: %s', async (_how, attempt) => {
    await expect(inProcess(attempt)).rejects.toThrow(UsageError)
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
