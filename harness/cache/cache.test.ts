import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cached } from './cache.ts'

describe('the cache', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'onceover-cache-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('fills a folder once for two calls at the same time', async () => {
    let fills = 0
    const fill = async (folder: string): Promise<void> => {
      fills += 1
      await Promise.resolve()
      writeFileSync(path.join(folder, 'jar'), `filled ${fills}`)
    }
    const folders = await Promise.all([cached('tool', fill, root), cached('tool', fill, root)])
    expect(fills).toBe(1)
    expect(folders).toEqual([path.join(root, 'tool'), path.join(root, 'tool')])
    expect(await cached('tool', () => Promise.reject(new Error('filled again')), root)).toBe(folders[0])
  })

  it('takes what another process has made in the meantime, and leaves nothing beside it', async () => {
    const fill = async (folder: string): Promise<void> => {
      writeFileSync(path.join(folder, 'jar'), 'ours')
      await cached(
        'other',
        (fresh) => Promise.resolve(writeFileSync(path.join(fresh, 'jar'), 'theirs')),
        root,
      )
      // As another process would: its finished folder appears under our name.
      renameSync(path.join(root, 'other'), path.join(root, 'tool'))
    }
    const folder = await cached('tool', fill, root)
    expect(readFileSync(path.join(folder, 'jar'), 'utf8')).toBe('theirs')
    expect(readdirSync(root)).toEqual(['tool'])
  })

  it('leaves nothing of a filling that failed, and fills again when asked again', async () => {
    await expect(cached('tool', () => Promise.reject(new Error('no network')), root)).rejects.toThrow(
      'no network',
    )
    expect(readdirSync(root)).toEqual([])
    const fill = (folder: string): Promise<void> =>
      Promise.resolve(writeFileSync(path.join(folder, 'jar'), ''))
    expect(await cached('tool', fill, root)).toBe(path.join(root, 'tool'))
  })
})
