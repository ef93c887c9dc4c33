import crypto from 'node:crypto'
import dns from 'node:dns'
import fs, { createReadStream } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { watchLeaks } from '../leaks.ts'
import { inProcess, listenAndEcho } from '../testing/room.ts'

/** The output of `main`; fails if it started anything real. */
async function withoutLeaks(main: Parameters<typeof inProcess>[0]): Promise<string[]> {
  const leaks = watchLeaks()
  try {
    return await inProcess(main)
  } finally {
    leaks.stop()
    expect(leaks.names()).toEqual([])
  }
}

describe('work of the thread pool is done at once and told as an event of its own', () => {
  it('compression', async () => {
    const log = await withoutLeaks(async ({ say }) => {
      zlib.gzip('x', () => say('told later'))
      say('first')
      for (const [pack, unpack] of [
        [zlib.gzip, zlib.gunzip],
        [zlib.deflate, zlib.inflate],
        [zlib.deflateRaw, zlib.inflateRaw],
        [zlib.brotliCompress, zlib.brotliDecompress],
        [zlib.gzip, zlib.unzip],
      ] as const)
        say(String(await promisify(unpack)(await promisify(pack)('hello'))))
      say(String(await promisify<Buffer, object, Buffer>(zlib.gunzip)(zlib.gzipSync('with options'), {})))
      zlib.gunzip(Buffer.from('no gzip'), (error) => say(String((error as NodeJS.ErrnoException).code)))
    })
    expect(log).toEqual([
      '0 first',
      '0 told later',
      ...Array.from({ length: 5 }, () => '0 hello'),
      '0 with options',
      '0 Z_DATA_ERROR',
    ])
  })

  it('keys and derivations', async () => {
    const log = await withoutLeaks(async ({ say }) => {
      say((await promisify(crypto.pbkdf2)('p', 's', 1, 4, 'sha256')).toString('hex'))
      say(((await promisify(crypto.scrypt)('p', 's', 4)) as Buffer).toString('hex'))
      say(Buffer.from(await promisify(crypto.hkdf)('sha256', 'k', 's', 'i', 4)).toString('hex'))
      const { publicKey, privateKey } = await promisify(crypto.generateKeyPair)('ed25519')
      const signature = await promisify(crypto.sign)(null, Buffer.from('x'), privateKey)
      crypto.verify(null, Buffer.from('x'), publicKey, signature, (_error, good) => say(String(good)))
      crypto.pbkdf2('p', 's', -1, 4, 'sha256', () => {})
    })
    expect(log.slice(0, 3)).toEqual([
      `0 ${crypto.pbkdf2Sync('p', 's', 1, 4, 'sha256').toString('hex')}`,
      `0 ${crypto.scryptSync('p', 's', 4).toString('hex')}`,
      `0 ${Buffer.from(crypto.hkdfSync('sha256', 'k', 's', 'i', 4)).toString('hex')}`,
    ])
  })

  it('reading files, by callbacks, promises and streams', async () => {
    const file = import.meta.filename
    const start = "import crypto from 'node:crypto'"
    const log = await withoutLeaks(async ({ say }) => {
      fs.readFile(file, 'utf8', (_error, text) => say(text.slice(0, 32)))
      say((await readFile(file, 'utf8')).slice(0, 32))
      say((await promisify(fs.readFile)(file)).toString('utf8', 0, 32))
      say(`${(await stat(file)).isFile()} ${await access(file)} ${await promisify(fs.exists)(file)}`)
      say((await promisify(fs.readdir)(import.meta.dirname)).includes('clock.ts') ? 'listed' : 'lost')
      await readFile('/nowhere').catch((error: NodeJS.ErrnoException) => say(String(error.code)))
      fs.stat('/nowhere', (error) => say(String(error?.code)))
      for await (const chunk of createReadStream(file, { end: 31 })) say(String(chunk))
    })
    expect(log).toEqual([
      `0 ${start}`,
      `0 ${start}`,
      `0 ${start}`,
      '0 true undefined true',
      '0 listed',
      '0 ENOENT',
      '0 ENOENT',
      `0 ${start}`,
    ])
  })

  it('names of hosts', async () => {
    const log = await withoutLeaks(async (made) => {
      const { say } = made
      listenAndEcho(made)
      const code = (error: NodeJS.ErrnoException): void => say(`${error.code} ${error.message}`)
      say(JSON.stringify(await dns.promises.lookup('broker')))
      say(JSON.stringify(await dns.promises.lookup('broker', { all: true })))
      dns.lookup('broker', (_error, address, family) => say(`${address} ${family}`))
      dns.lookup('broker', { all: true }, (_error, found) => say(JSON.stringify(found)))
      say(JSON.stringify(await promisify(dns.lookup)('localhost')))
      say(JSON.stringify(await dns.promises.resolve4('broker')))
      say(JSON.stringify(await new dns.promises.Resolver().resolve('broker')))
      dns.resolve('broker', (_error, addresses) => say(String(addresses)))
      await dns.promises.resolveSrv('broker').catch(code)
    })
    expect(log).toEqual([
      '0 {"address":"10.0.0.2","family":4}',
      '0 [{"address":"10.0.0.2","family":4}]',
      '0 10.0.0.2 4',
      '0 [{"address":"10.0.0.2","family":4}]',
      '0 {"address":"127.0.0.1","family":4}',
      '0 ["10.0.0.2"]',
      '0 ["10.0.0.2"]',
      '0 10.0.0.2',
      '0 ENODATA querySrv ENODATA broker',
    ])
  })

  it.each<[string, () => unknown]>([
    ['lookup', () => dns.lookup('nowhere', () => {})],
    ['promises.lookup', () => dns.promises.lookup('nowhere').catch(() => {})],
    ['Resolver', () => new dns.Resolver().resolve4('nowhere', () => {})],
  ])('the name of a host that the scenario does not have leads outside: dns.%s', async (_name, ask) => {
    await expect(inProcess(ask)).rejects.toThrow("p looks up the host 'nowhere'")
  })

  it('outside it is done by the thread pool, and promisified functions are those of Node', async () => {
    await inProcess(() => {})
    expect(String(await promisify(zlib.gunzip)(await promisify(zlib.gzip)('x')))).toBe('x')
    expect(Object.keys(await promisify(crypto.generateKeyPair)('ed25519'))).toEqual([
      'publicKey',
      'privateKey',
    ])
    expect(await promisify(fs.exists)(import.meta.filename)).toBe(true)
    expect(zlib.gzip.name).toBe(zlib.deflate.name)
    expect((await dns.promises.lookup('127.0.0.1')).address).toBe('127.0.0.1')
  })
})
