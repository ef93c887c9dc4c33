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

it('half of frames of 100 MB holds what has arrived, and gives it back when connections close', async () => {
  await using cluster = await serve()
  const held = (): number => process.memoryUsage().arrayBuffers / MB
  const before = held()
  const clients: RawBytes[] = []
  for (let client = 0; client < 10; client += 1) clients.push(await RawBytes.connect(addressOf(cluster)))
  for (const { socket } of clients) socket.write(sizePrefix(LIMIT))
  await serves(cluster)
  expect(held() - before).toBeLessThan(5)
  const part = Buffer.alloc(MB)
  for (let round = 0; round < 5; round += 1) {
    for (const client of clients) client.write(part)
    await expect.poll(() => clients.every(({ socket }) => socket.writableLength === 0)).toBe(true)
  }
  await expect.poll(() => held() - before).toBeGreaterThan(50)
  // Buffers double, and what is on its way between the two ends is here, too.
  expect(held() - before).toBeLessThan(150)
  for (const { socket } of clients) socket.destroy()
  // No garbage collection has to come for it.
  await expect.poll(() => held() - before).toBeLessThan(15)
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
