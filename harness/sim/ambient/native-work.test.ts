import crypto from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { BroadcastChannel as NodeBroadcast, MessageChannel as NodeChannel } from 'node:worker_threads'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { watchLeaks } from '../leaks.ts'
import { inProcess, type Room } from '../testing/room.ts'

/**
 * The output of `work`, which must be the same twice, without any work that the watch for leaks
 * sees.
 */
async function twice(work: (room: Room) => unknown): Promise<string[]> {
  const leaks = watchLeaks()
  const first = await inProcess(work)
  const second = await inProcess(work)
  leaks.stop()
  expect(leaks.names()).toEqual([])
  expect(second).toEqual(first)
  return first
}

const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex')

describe('real work whose outcome is no matter of chance', () => {
  it('ends before anything else happens, and answers in the order in which it was begun', async () => {
    const log = await twice(({ say }) => {
      setTimeout(() => say('timer'), 1)
      const { subtle } = globalThis.crypto
      const long = subtle.deriveBits.bind(subtle)
      void subtle.importKey('raw', Buffer.from('secret'), 'PBKDF2', false, ['deriveBits']).then((key) => {
        const slow = { name: 'PBKDF2', hash: 'SHA-256', salt: Buffer.from('salt'), iterations: 20_000 }
        void long(slow, key, 64).then((bits) => say(`slow ${hex(bits)}`))
        void long({ ...slow, iterations: 1 }, key, 64).then((bits) => say(`quick ${hex(bits)}`))
      })
    })
    expect(log).toEqual(
      ['0 slow 19a7dff5d67f1d0d', '0 quick 45ad5b41f02aeae9', '1 timer'].map((line) =>
        expect.stringMatching(line.replace(/ [\da-f]{16}$/, ' [\\da-f]{16}$')),
      ),
    )
  })

  it('an error is told as an event too', async () => {
    const { subtle } = globalThis.crypto
    const log = await twice(async ({ say }) => {
      await subtle
        .importKey('raw', Buffer.from('x'), 'AES-GCM', false, ['encrypt'])
        .catch(({ name }) => say(name))
    })
    expect(log).toEqual(['0 DataError'])
  })

  it('streams of zlib, by function, by class, and on the web', async () => {
    const log = await twice(async ({ say }) => {
      const big = Buffer.alloc(200_000, 'onceover ')
      const packed = await buffer(Readable.from([big]).pipe(zlib.createGzip()))
      say(String(zlib.gunzipSync(packed).equals(big)))
      const chunks: Buffer[] = []
      await pipeline(Readable.from([packed]), new zlib.Gunzip(), async (source) => {
        for await (const chunk of source) chunks.push(chunk as Buffer)
      })
      say(String(Buffer.concat(chunks).equals(big)))
      const web = new Blob(['x']).stream === undefined ? null : new CompressionStream('gzip')
      if (web === null) return
      const writer = web.writable.getWriter()
      void writer.write(Buffer.from('web')).then(() => writer.close())
      say(String(zlib.gunzipSync(await buffer(web.readable as never))))
      await pipeline(
        Readable.from(['no gzip']),
        zlib.createGunzip(),
        async (source) => void (await text(source as Readable)),
      ).catch(({ code }) => say(code))
    })
    expect(log).toEqual(['0 true', '0 true', '0 web', '0 Z_DATA_ERROR'])
  })

  it('channels', async () => {
    const log = await twice(({ say }) => {
      const { port1, port2 } = new MessageChannel()
      port2.addEventListener('message', (event) =>
        say(`port ${JSON.stringify((event as MessageEvent).data)}`),
      )
      port1.postMessage({ a: 1 })
      const node = new NodeChannel()
      node.port2.on('message', (value) => say(`node ${value}`))
      node.port1.postMessage('two')
      node.port1.close()
      const [one, other] = [new BroadcastChannel('news'), new NodeBroadcast('news')]
      other.onmessage = (event) => say(`news ${(event as MessageEvent).data}`)
      one.postMessage('three')
    })
    expect(log).toEqual(['0 port {"a":1}', '0 news three'])
  })
})

describe('what OpenSSL draws from chance', () => {
  it('is the same where a run is repeated: keys and signatures, of all kinds', async () => {
    const log = await twice(async ({ say }) => {
      const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const signature = crypto.sign('sha256', Buffer.from('data'), privateKey)
      say(`${hex(signature)} ${crypto.verify('sha256', Buffer.from('data'), publicKey, signature)}`)
      say(hex(crypto.createSign('sha256').update('data').sign(privateKey)))
      const pair = crypto.createECDH('secp256k1')
      say(pair.generateKeys('hex'))
      const { subtle } = globalThis.crypto
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
      const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const first = await subtle.sign(algorithm, keys.privateKey, Buffer.from('data'))
      const other = await subtle.sign(algorithm, keys.privateKey, Buffer.from('other'))
      say(`${hex(first)} ${await subtle.verify(algorithm, keys.publicKey, first, Buffer.from('data'))}`)
      say(String(hex(first) === hex(other)))
      crypto.generateKeyPair('ed25519', {}, (_error, made) => say(String(made.asymmetricKeyType)))
    })
    expect(log.map((line) => line.split(' ').at(-1))).toEqual([
      'true',
      expect.any(String),
      expect.any(String),
      'true',
      'false',
      'ed25519',
    ])
  })
})
