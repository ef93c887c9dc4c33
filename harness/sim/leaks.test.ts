import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

/**
 * Code that keeps functions of Node from before anything was patched, as a package may that is
 * loaded too early.
 */
function leaksOf(code: string): string[] {
  const script = `import { promisify } from 'node:util'
    const early = {
      setTimeout, setImmediate,
      readFile: process.getBuiltinModule('fs').readFile,
      open: process.getBuiltinModule('fs/promises').open,
      gzip: process.getBuiltinModule('zlib').gzip,
      lookup: process.getBuiltinModule('dns').lookup,
      randomBytes: process.getBuiltinModule('crypto').randomBytes,
    }
    const { watchLeaks } = await import(${JSON.stringify(`${import.meta.dirname}/leaks.ts`)})
    const { inProcess } = await import(${JSON.stringify(`${import.meta.dirname}/testing/room.ts`)})
    const zlib = process.getBuiltinModule('zlib'), crypto = process.getBuiltinModule('crypto')
    const leaks = watchLeaks()
    await inProcess(function userCode() { ${code} })
    leaks.stop()
    console.log(JSON.stringify(leaks.names()))
    process.exit()`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  return JSON.parse(output) as string[]
}

describe('real asynchronous work that is started inside a simulated process', () => {
  it('is named, once for each process, with the line of the user', () => {
    const names = leaksOf(`
      for (let index = 0; index < 2; index += 1) {
        early.setTimeout(() => {}, 1)
        early.setImmediate(() => {})
        early.readFile('/nowhere', () => {})
        early.gzip('x', () => {})
        early.lookup('localhost', () => {})
        early.randomBytes(4)
        early.open('/nowhere').catch(() => {})
      }`)
    const found = names.map((name) => name.split(' in p at ')[0])
    for (const type of [
      'Timeout',
      'Immediate',
      'FSREQCALLBACK',
      'ZLIB',
      'GETADDRINFOREQWRAP',
      'RANDOMBYTESREQUEST',
    ])
      expect(found).toContain(type)
    expect(names.find((name) => name.startsWith('Timeout'))).toMatch(
      /^Timeout in p at .*userCode .*:\d+:\d+\)?$/,
    )
    expect(new Set(found).size).toBe(found.length)
  })

  it('is not what a simulation does itself, nor promises, ticks and synchronous functions', () => {
    const names = leaksOf(`
      setTimeout(() => {}, 1); setImmediate(() => {}); queueMicrotask(() => {}); process.nextTick(() => {})
      Promise.resolve().then(async () => { await null })
      zlib.gzipSync('x'); zlib.gzip('x', () => {})
      crypto.pbkdf2Sync('p', 's', 1, 4, 'sha256'); crypto.pbkdf2('p', 's', 1, 4, 'sha256', () => {})
      crypto.randomBytes(4); crypto.randomUUID()
      const { privateKey } = crypto.generateKeyPairSync('ed25519')
      crypto.sign(null, Buffer.from('x'), privateKey); crypto.sign(null, Buffer.from('x'), privateKey, () => {})
      process.getBuiltinModule('fs').readFile('/nowhere', () => {})
      process.getBuiltinModule('net').connect({ port: 1, host: 'q', lookup() {} }).on('error', () => {})`)
    expect(names).toEqual([])
  })

  it('is not what the engine does where it waits for the ticks behind an error', () => {
    const names = leaksOf(`
      process.nextTick(() => { throw new Error('in a tick') })
      process.nextTick(() => {})`)
    expect(names).toEqual([])
  })
})
