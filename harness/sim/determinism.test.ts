import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { messyHash, messyLog } from './testing/messy.ts'

const SEEDS = ['1', '2']
const script = path.join(import.meta.dirname, 'testing/messy.ts')

function inChild(node: readonly string[]): string {
  const [command = '', ...args] = node
  return execFileSync(command, [...args, script, ...SEEDS], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** A Node 22 that the gate has installed, or that npm keeps; null where there is none. */
function node22(): string | null {
  const kept = path.join(homedir(), '.npm/_npx/*/node_modules/node/package.json')
  for (const file of [path.resolve('.ci/node-22/node_modules/node/package.json'), ...globSync(kept)]) {
    if (!existsSync(file)) continue
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
    const node = path.join(path.dirname(file), 'bin/node')
    if (version.startsWith('22.') && existsSync(node)) return node
  }
  return null
}

describe('a messy program', () => {
  it('does the same for the same seed, and something else for another', async () => {
    const log = await messyLog('1')
    expect(log.length).toBeGreaterThan(1_000)
    for (const word of [
      'heard',
      'has had enough',
      'crashed',
      'paused',
      'ECONNRESET',
      'asked to end',
      'closed',
    ])
      expect(
        log.some((line) => line.includes(word)),
        word,
      ).toBe(true)
    expect(await messyLog('1')).toEqual(log)
    expect(await messyLog('2')).not.toEqual(log)
  })

  it('does the same in another process, with or without much else going on before', async () => {
    const here = await messyHash(SEEDS)
    expect(here).toMatch(/^\d+ [0-9a-f]{64}$/)
    expect(inChild([process.execPath, '--stack-size=2000', '--max-semi-space-size=1'])).toBe(`${here}\n`)
  })

  const other = node22()
  it.skipIf(other === null)('does the same on Node 22 as on the Node that runs this', async () => {
    expect(inChild([other ?? ''])).toBe(`${await messyHash(SEEDS)}\n`)
  })
})
