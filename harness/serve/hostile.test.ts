import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type net from 'node:net'
import { expect, it } from 'vitest'
import { type ServedCluster, serve } from './index.ts'
import { API_VERSIONS, RawBytes, sizePrefix } from './testing/raw-bytes.ts'

const MB = 1_000_000
/** `socket.request.max.bytes` */
const LIMIT = 104_857_600

const addressOf = ({ addresses: [address = ''] }: ServedCluster): string => address

/** Whether a client that comes now is served. */
async function serves(cluster: ServedCluster): Promise<void> {
  const client = await RawBytes.connect(addressOf(cluster))
  client.write(API_VERSIONS)
  await expect.poll(() => client.answers).toBe(1)
  client.socket.destroy()
}

it.each([
  ['nothing', 0],
  ['one byte', 1],
  ['half a header', 4],
  ['a header without a client', 8],
  ['less than nothing', -1],
  ['as little as there is', -(2 ** 31)],
  ['as much as there is', 2 ** 31 - 1],
  ['a byte more than the limit', LIMIT + 1],
])('a frame of %s closes its connection, and only that', async (_size, size) => {
  await using cluster = await serve()
  const [hostile, other] = [
    await RawBytes.connect(addressOf(cluster)),
    await RawBytes.connect(addressOf(cluster)),
  ]
  hostile.write(sizePrefix(size), Buffer.alloc(10))
  await expect.poll(() => hostile.ended).toBe(true)
  other.write(API_VERSIONS)
  await expect.poll(() => other.answers).toBe(1)
  expect(other.ended).toBe(false)
})

/** The server's side of a connection, and its memory. */
interface ServedSocket {
  /** Pieces that it read. */
  readonly read: Buffer[]
  /**
   * Bytes of buffers in this process, before the session heard of the connection's end, and after.
   */
  readonly atClose: number[]
}

/** The sockets that servers of this process accept while `work` runs. */
async function watchingSockets(work: (sockets: readonly ServedSocket[]) => Promise<void>): Promise<void> {
  const sockets: ServedSocket[] = []
  const watch = (message: unknown): void => {
    const { socket } = message as { readonly socket: net.Socket }
    const seen: ServedSocket = { read: [], atClose: [] }
    sockets.push(seen)
    const note = (): void => void seen.atClose.push(process.memoryUsage().arrayBuffers)
    socket.on('data', (bytes) => void seen.read.push(bytes))
    socket.prependListener('close', note)
    // Behind the listeners that the server has added by then.
    setImmediate(() => socket.on('close', note))
  }
  subscribe('net.server.socket', watch)
  try {
    await work(sockets)
  } finally {
    unsubscribe('net.server.socket', watch)
  }
}

it('half a frame of 100 MB holds what has arrived of it, and gives it back when its connection closes', async () => {
  await using cluster = await serve()
  await watchingSockets(async (sockets) => {
    const client = await RawBytes.connect(addressOf(cluster))
    const before = process.memoryUsage().arrayBuffers
    client.write(sizePrefix(LIMIT))
    await expect.poll(() => sockets[0]?.read.length).toBe(1)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MB)
    client.write(Buffer.alloc(5 * MB))
    const arrived = (): number | undefined => sockets[0]?.read.reduce((sum, { length }) => sum + length, 0)
    // Each piece was copied, and is no more.
    await expect.poll(() => client.socket.bytesWritten - client.socket.writableLength).toBe(4 + 5 * MB)
    await serves(cluster)
    expect(sockets[0]?.read.length).toBeGreaterThan(1)
    expect(arrived()).toBe(0)
    client.socket.destroy()
    await expect.poll(() => sockets[0]?.atClose.length).toBe(2)
    const [held = 0, left = 0] = sockets[0]?.atClose ?? []
    expect(held - left).toBeGreaterThan(4 * MB)
    // Buffers double.
    expect(held - left).toBeLessThan(11 * MB)
  })
  await serves(cluster)
})

it('clients that write a byte at a time are answered, as is everybody else meanwhile', async () => {
  await using cluster = await serve()
  const clients = await Promise.all(Array.from({ length: 50 }, () => RawBytes.connect(addressOf(cluster))))
  for (const byte of API_VERSIONS) {
    for (const client of clients) client.socket.write(Buffer.of(byte))
    await serves(cluster)
  }
  await expect.poll(() => clients.map(({ answers }) => answers)).toEqual(clients.map(() => 1))
  for (const { socket } of clients) socket.destroy()
})

it('five hundred connections without a request are in nobody’s way', async () => {
  await using cluster = await serve()
  const idle: RawBytes[] = []
  for (let left = 500; left > 0; left -= 1) idle.push(await RawBytes.connect(addressOf(cluster)))
  await serves(cluster)
  expect(idle.filter(({ ended }) => ended)).toEqual([])
  for (const { socket } of idle) socket.destroy()
})
