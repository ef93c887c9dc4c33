import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createStream, type Stream } from '../../core/seed.ts'
import { serve } from '../../serve/index.ts'
import { API_VERSIONS, RawBytes, sizePrefix } from '../../serve/testing/raw-bytes.ts'
import { corpus } from './corpus.ts'
import { mutated } from './mutate.ts'

const FRAMES_EACH = 3
/** For a request that waits by right, or for the rest of one. */
const WAIT_MS = 20

/** A header of this request, and bytes of chance behind it; its size is right in most cases. */
function random(stream: Stream, key: number, version: number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 10 + stream.below(60) }, () => stream.below(256)))
  bytes.writeInt16BE(key, 0)
  bytes.writeInt16BE(version, 2)
  bytes.writeInt16BE(-1, 8)
  const size = stream.oneIn(1, 40) ? stream.pick([0, -1, bytes.length + 1, bytes.length - 1]) : bytes.length
  return Buffer.concat([sizePrefix(size), bytes])
}

/** Some frames on a connection of their own, cut anywhere; it need not outlive them. */
async function play(address: string, stream: Stream, frames: readonly Buffer[]): Promise<boolean> {
  const client = await RawBytes.connect(address)
  const bytes = Buffer.concat(frames)
  const cut = stream.below(bytes.length)
  client.write(bytes.subarray(0, cut))
  client.write(bytes.subarray(cut))
  client.write(API_VERSIONS)
  const untilMs = performance.now() + WAIT_MS
  while (client.answers === 0 && !client.ended && performance.now() < untilMs) await setImmediate()
  client.socket.destroy()
  return client.answers > 0
}

it('a served cluster goes on serving, whatever comes over its sockets', async () => {
  await using cluster = await serve({ topics: { known: 2, other: 2 } })
  const stream = createStream('sockets')
  const frames: Buffer[] = []
  // Every request that there is or is not, in every version; then well-formed ones, changed.
  for (let key = -1; key <= 95; key += 1)
    for (let version = -1; version <= 18; version += 1) frames.push(random(stream, key, version))
  const specimens = corpus(stream.bits32())
  for (let left = 2_000; left > 0; left -= 1) frames.push(mutated(stream, specimens))
  const address = cluster.addresses[0] ?? ''
  const played: Promise<boolean>[] = []
  for (let at = 0; at < frames.length; at += FRAMES_EACH) {
    played.push(play(address, stream, frames.slice(at, at + FRAMES_EACH)))
    if (played.length % 16 === 0) await Promise.all(played)
  }
  const answered = (await Promise.all(played)).filter(Boolean).length
  // Both ways out are taken often.
  expect(answered).toBeGreaterThan(played.length / 10)
  expect(answered).toBeLessThan(played.length)
  const client = await RawBytes.connect(address)
  client.write(API_VERSIONS)
  await expect.poll(() => client.answers).toBe(1)
  client.socket.destroy()
})
