import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../exit.ts'

const WATCHED = path.resolve(import.meta.dirname, '../testing/watched.ts')
/** Without a word from the watched thread it is killed long before that. */
const HANGS_MS = 20_000

function watched(how: string, oursMs: number): ReturnType<typeof spawnSync> {
  const args = ['--conditions=onceover-source', WATCHED, how, String(oursMs)]
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: HANGS_MS })
}

describe('the watchdog', () => {
  it("lets Onceover's own work go on", () => {
    expect(watched('ours', 60_000)).toMatchObject({ status: 0, stdout: 'went on' })
  })

  it("ends Onceover's own work after its time, and names it", () => {
    const { status, stderr } = watched('ours', 600)
    expect(stderr).toMatch(/Onceover itself has been at work for \d s of CPU time without a pause/)
    expect(status).toBe(EXIT.harness)
  })

  it('hears late, behind native code, that work is ours', () => {
    expect(watched('native, then ours', 60_000)).toMatchObject({ status: 0, stdout: 'went on' })
  })

  it('kills what nothing can interrupt: the end of the inspector’s session is no answer', () => {
    const { signal, stderr } = watched('native', 60_000)
    expect(stderr).toContain('cannot be interrupted')
    expect(signal).toBe('SIGKILL')
  })
})
