import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emptyFiles } from './empty-files.ts'

describe('the files of an empty database', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'onceover-files-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const make = (): Promise<Blob> => Promise.resolve(new Blob(['as made']))
  const fail = (): Promise<Blob> => Promise.reject(new Error('made again'))

  it('are made once for each version, and kept', async () => {
    expect(await (await emptyFiles('1', make, root)).text()).toBe('as made')
    expect(await (await emptyFiles('1', fail, root)).text()).toBe('as made')
    await expect(emptyFiles('2', fail, root)).rejects.toThrow('made again')
  })

  it('are made where they cannot be kept', async () => {
    const file = path.join(root, 'no-folder')
    writeFileSync(file, '')
    expect(await (await emptyFiles('1', make, file)).text()).toBe('as made')
  })
})
