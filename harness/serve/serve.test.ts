import net from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../core/history.ts'
import { batchOf, produceBody } from '../kafka/testing/harness.ts'
import { serve } from './index.ts'
import { clientOf } from './testing/kafkajs.ts'
import { RawClient } from './testing/raw-client.ts'

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1))

/**
 * Resolves when `read` has given the same number over many turns of the event loop, which both ends
 * share here.
 */
async function standsStill(read: () => number): Promise<void> {
  let [last, turns] = [read(), 0]
  while (turns < 200) {
    await turn()
    const now = read()
    turns = now === last ? turns + 1 : 0
    last = now
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/**
 * A port that is free, and a server on the next one; below those that systems hand out by
 * themselves, so that no other test gets one of the two in between.
 */
async function portBeforeOneInUse(): Promise<{ readonly port: number; readonly occupant: net.Server }> {
  const listen = (port: number): Promise<net.Server | null> =>
    new Promise((resolve) => {
      const server = net.createServer().on('error', () => resolve(null))
      server.listen(port, '127.0.0.1', () => resolve(server))
    })
  for (let port = 20_000; port < 30_000; port += 2) {
    const first = await listen(port)
    const occupant = first === null ? null : await listen(port + 1)
    if (first !== null) await new Promise((resolve) => first.close(resolve))
    if (occupant !== null) return { port, occupant }
  }
  throw new Error('no two ports are free between 20,000 and 30,000')
}

describe('ports', () => {
  it('Metadata and FindCoordinator name the addresses that brokers listen on', async () => {
    await using cluster = await serve({ brokers: 3, topics: { t: 1 } })
    const admin = clientOf(cluster).admin()
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    expect(brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(cluster.addresses)
    await admin.setOffsets({ groupId: 'g', topic: 't', partitions: [{ partition: 0, offset: '7' }] })
    expect(cluster.admin.committed('g', 't', 0)).toBe(7n)
    await admin.disconnect()
  })

  it('one that is in use is named, and those before it are given back', async () => {
    const { port, occupant } = await portBeforeOneInUse()
    const refused = serve({ brokers: 2, port })
    await expect(refused).rejects.toThrow(/^port \d+ of 127\.0\.0\.1 is in use; choose other ports/)
    await expect(refused).rejects.toMatchObject({ name: 'UsageError', code: 'port-in-use' })
    await (await serve({ port })).stop()
    occupant.close()
  })

  it('a host that is not here', async () => {
    await expect(serve({ host: '192.0.2.1' })).rejects.toThrow(
      'this machine has no address 192.0.2.1 to listen on',
    )
  })

  it('an advertised host is what clients are told', async () => {
    const port = await freePort()
    await using cluster = await serve({ host: '0.0.0.0', port, advertisedHost: 'localhost' })
    expect(cluster.addresses).toEqual([`localhost:${port}`])
    const admin = clientOf(cluster).admin()
    await admin.connect()
    expect((await admin.describeCluster()).brokers).toEqual([{ nodeId: 0, host: 'localhost', port }])
    await admin.disconnect()
  })

  it.each([
    [{ brokers: 0 }, 'a cluster has 1 to 100 brokers, not 0'],
    [{ broker: 3 } as object, "serve() has no option 'broker'; did you mean 'brokers'?"],
    [{ port: 65_536 }, 'the first of 1 ports is between 1 and 65535, or 0 for free ports, not 65536'],
    [
      { topics: { 'a b': 1 } },
      "a topic cannot be called 'a b'; use up to 249 letters, digits, dots, dashes and underscores",
    ],
    [{ topics: { a: 0 } }, "the topic 'a' has 1 to 10000 partitions, not 0"],
    [{ topics: { a: 50_000_000 } }, "the topic 'a' has 1 to 10000 partitions, not 50000000"],
  ])('%j is refused in a sentence', async (options, sentence) => {
    await expect(serve(options)).rejects.toThrow(sentence)
  })

  it('a setting that is none leaves no port behind', async () => {
    const port = await freePort()
    await expect(serve({ port, settings: { 'num.partition': 1 } })).rejects.toThrow(
      "no setting 'num.partition'",
    )
    await (await serve({ port })).stop()
  })
})

describe('stop', () => {
  it('ends connections and waits, gives the port back, and may be called again', async () => {
    const cluster = await serve({ topics: { t: 1 } })
    const client = await RawClient.connect(cluster.addresses[0] ?? '')
    client.send('Fetch', 4, fetchBody({ maxWaitMs: 600_000 }))
    client.send('ApiVersions', 0, {})
    // ApiVersions is answered in its turn: both requests have arrived when nothing more is read.
    await standsStill(() => client.socket.bytesWritten - client.socket.writableLength)
    await Promise.all([cluster.stop(), cluster.stop()])
    await expect.poll(() => client.ended).toBe(true)
    const next = await serve({ port: portOf(cluster.addresses[0] ?? '') })
    await next.stop()
  })
})

function fetchBody(overrides: Record<string, unknown> = {}, offset = 0n): Record<string, unknown> {
  return {
    replicaId: -1,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 10_000_000,
    isolationLevel: 0,
    topics: [
      { topic: 't', partitions: [{ partition: 0, fetchOffset: offset, partitionMaxBytes: 10_000_000 }] },
    ],
    ...overrides,
  }
}

describe('memory', () => {
  it('a client that does not read its answers is served no more until it does', async () => {
    const observed: Observation[] = []
    await using cluster = await serve({
      topics: { t: 1 },
      observer: { observe: (observation) => void observed.push(observation) },
    })
    const value = Buffer.alloc(1_000_000)
    for (let record = 0; record < 8; record += 1)
      cluster.admin.append({ topic: 't', partition: 0, key: null, value })
    const client = await RawClient.connect(cluster.addresses[0] ?? '')
    const fetches = (): number => observed.filter(({ kind }) => kind === 'fetched').length
    client.socket.pause()
    for (let call = 0; call < 20; call += 1) client.send('Fetch', 4, fetchBody())
    await expect.poll(fetches).toBeGreaterThan(0)
    await standsStill(fetches)
    expect(fetches()).toBeLessThan(10)
    client.socket.resume()
    await expect.poll(() => client.answers).toBe(20)
    client.socket.destroy()
  })

  it('a client that sends while its first request waits is read no further than a few megabytes', async () => {
    await using cluster = await serve({ topics: { t: 1, u: 1 } })
    const client = await RawClient.connect(cluster.addresses[0] ?? '')
    client.send('Fetch', 4, fetchBody({ maxWaitMs: 600_000 }))
    const records = batchOf({ values: ['x'.repeat(500_000)] })
    const body = produceBody(records, { topicData: [{ name: 'u', partitionData: [{ index: 0, records }] }] })
    for (let call = 0; call < 100; call += 1) client.send('Produce', 3, body)
    await standsStill(() => client.socket.writableLength)
    expect(client.socket.writableLength).toBeGreaterThan(25_000_000)
    cluster.admin.append({ topic: 't', partition: 0, key: null, value: Buffer.from('wakes the fetch') })
    await expect.poll(() => client.answers).toBe(101)
    expect(cluster.admin.logEnd('u', 0)).toBe(100n)
    client.socket.destroy()
  })

  it('a frame beyond socket.request.max.bytes closes the connection', async () => {
    await using cluster = await serve({ settings: { 'socket.request.max.bytes': 1_000 } })
    const client = await RawClient.connect(cluster.addresses[0] ?? '')
    const size = Buffer.alloc(4)
    size.writeInt32BE(1_001, 0)
    client.socket.write(size)
    await expect.poll(() => client.ended).toBe(true)
  })

  it('an answer to Fetch is no larger than fetch.max.bytes, but for its first batch', async () => {
    const observed: Observation[] = []
    await using cluster = await serve({
      topics: { t: 1 },
      settings: { 'fetch.max.bytes': 2_500 },
      observer: { observe: (observation) => void observed.push(observation) },
    })
    for (let record = 0; record < 5; record += 1)
      cluster.admin.append({ topic: 't', partition: 0, key: null, value: Buffer.alloc(1_000) })
    const client = await RawClient.connect(cluster.addresses[0] ?? '')
    client.send('Fetch', 4, fetchBody())
    await expect.poll(() => client.answers).toBe(1)
    expect(observed.at(-1)).toMatchObject({ kind: 'fetched', firstOffset: 0n, lastOffset: 1n })
    client.socket.destroy()
  })
})
