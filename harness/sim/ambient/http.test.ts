import http from 'node:http'
import https from 'node:https'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import axios from 'axios'
import got from 'got'
import { request as undiciRequest } from 'undici'
import { describe, expect, it } from 'vitest'
import { watchLeaks } from '../leaks.ts'
import type { SimProcess } from '../simulation.interface.ts'
import { inProcess, type Room, room, runFor } from '../testing/room.ts'

/** Echoes the body after 20 ms, and tells over which of its connections it came. */
function serve(): void {
  const ports: (number | undefined)[] = []
  const server = http.createServer((request, response) => {
    const { remotePort } = request.socket
    if (!ports.includes(remotePort)) ports.push(remotePort)
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () =>
      setTimeout(
        () => {
          response.setHeader('content-type', 'application/json')
          const connection = ports.indexOf(remotePort)
          response.end(JSON.stringify({ got: `${request.method} ${Buffer.concat(parts)}`, connection }))
        },
        request.url === '/slow' ? 30_000 : 20,
      ),
    )
  })
  server.listen(80)
  https.createServer((_, response) => response.end('"secure"')).listen(443)
}

async function visited(
  visit: (room: Room, process: SimProcess) => unknown,
  { seconds = 40, visitors = ['visitor'] } = {},
): Promise<string[]> {
  const made = room()
  made.simulation.spawn('server', serve)
  for (const name of visitors)
    made.simulation.spawn(name, (process) => setTimeout(() => visit(made, process), 100))
  const leaks = watchLeaks()
  await runFor(made, seconds)
  leaks.stop()
  made.simulation.dispose()
  expect(leaks.names()).toEqual([])
  return made.log.filter((line) => !line.endsWith(' started'))
}

type Post = (url: string, body: string) => Promise<unknown>

const byNode =
  (target: typeof http | typeof https): Post =>
  (url, body) =>
    new Promise((resolve, reject) => {
      const request = target.request(url, { method: 'POST' }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve(JSON.parse(String(Buffer.concat(parts)))))
      })
      request.on('error', reject)
      request.end(body)
    })

const CLIENTS: readonly (readonly [string, Post])[] = [
  ['node:http', byNode(http)],
  ['fetch', async (url, body) => (await fetch(url, { method: 'POST', body })).json()],
  ['undici', async (url, body) => (await undiciRequest(url, { method: 'POST', body })).body.json()],
  ['axios', async (url, body) => (await axios.post<unknown>(url, body)).data],
  ['got', (url, body) => got.post(url, { body }).json()],
]

describe.each(CLIENTS)('%s inside a simulated process', (name, post) => {
  it('reaches a simulated host, and uses connections again', async () => {
    const log = await visited(async ({ say }) => {
      for (const body of ['a', 'b', 'c']) say(JSON.stringify(await post('http://server/', body)))
    })
    const connections = log.map(
      (line) => (JSON.parse(line.slice(line.indexOf('{'))) as { connection: number }).connection,
    )
    expect(log[0]).toBe('124 {"got":"POST a","connection":0}')
    // undici takes a second one where the first has only just become free, as in reality.
    expect(connections).toEqual(name === 'fetch' || name === 'undici' ? [0, 1, 0] : [0, 0, 0])
  })

  it('does so over TLS, which encrypts nothing here', async () => {
    const by = name === 'node:http' ? byNode(https) : post
    expect(await visited(async ({ say }) => say(String(await by('https://server/', ''))))).toEqual([
      expect.stringMatching(/^10\d secure$/),
    ])
  })

  it('each process has connections of its own', async () => {
    const log = await visited(async ({ say }) => say(JSON.stringify(await post('http://server/', 'x'))), {
      visitors: ['one', 'two'],
    })
    expect(log.map((line) => line.slice(4)).sort()).toEqual([
      '{"got":"POST x","connection":0}',
      '{"got":"POST x","connection":1}',
    ])
  })

  it('another host is outside, whatever becomes of the error', async () => {
    const attempt = inProcess(() => post('http://prices.example/1', '').catch(() => {}))
    await expect(attempt).rejects.toThrow(/prices\.example.*outside the simulation/)
  })
})

describe('waiting for an answer', () => {
  it('ends by an AbortSignal, in virtual time', async () => {
    const log = await visited(async ({ say }) => {
      const signal = AbortSignal.timeout(2_000)
      await fetch('http://server/slow', { signal }).catch((error: Error) => say(error.name))
    })
    expect(log).toEqual(['2100 TimeoutError'])
  })

  it('ends by a timeout of the client', async () => {
    const log = await visited(async ({ say }) => {
      await axios.get('http://server/slow', { timeout: 3_000 }).catch(({ code }) => say(`axios ${code}`))
      await got('http://server/slow', { timeout: { request: 3_000 }, retry: { limit: 0 } }).catch(
        ({ code }) => say(`got ${code}`),
      )
    })
    expect(log).toEqual(['3100 axios ECONNABORTED', '6100 got ETIMEDOUT'])
  })

  it('a server that is gone: refused', async () => {
    const log = await visited(async ({ say }) => {
      await fetch('http://server:81/').catch(({ cause }) => say(cause.code))
    })
    expect(log).toEqual(['102 ECONNREFUSED'])
  })
})

it('an agent that a process sets for all of its requests is its own', async () => {
  const outside = http.globalAgent
  const log = await inProcess(({ say }) => {
    http.globalAgent = new http.Agent({ maxSockets: 1 })
    say(`${http.globalAgent.maxSockets}`)
  })
  expect(log).toEqual(['0 1'])
  expect(http.globalAgent).toBe(outside)
})

it('an answer that nobody reads stays open, whenever garbage is collected', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const made = room()
  made.simulation.spawn('server', () => {
    http
      .createServer((request, response) => {
        request.socket.on('close', () => made.say('closed'))
        response.write('half of it')
        setTimeout(() => made.say('still open'), 5_000)
      })
      .listen(80)
  })
  made.simulation.spawn('visitor', () => setTimeout(() => void fetch('http://server/'), 100))
  for (let second = 1; second < 4; second += 1) {
    await runFor(made, 1)
    collect()
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await runFor(made, 4)
  const [first] = made.log.filter((line) => !line.endsWith(' started'))
  made.simulation.dispose()
  expect(first).toMatch(/ still open$/)
})

it('many calls of fetch begin no work of Node’s own, and leave no measurement', async () => {
  const log = await visited(async ({ say }) => {
    for (let call = 0; call < 300; call += 1)
      await (await fetch('http://server/', { method: 'POST', body: '' })).text()
    say(JSON.stringify(performance.getEntriesByType('resource')))
  })
  expect(log).toEqual([expect.stringMatching(/ \[\]$/)])
})
