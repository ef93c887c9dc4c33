import fs from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { globbed } from './glob.ts'

const FILES = ['a.txt', 'b.md', '.hidden', 'd/c.txt', 'd/e/f.txt', 'd/.x/g.txt', 'n/p/q.txt']

function folderWith(files: readonly string[]): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'onceover-'))
  for (const file of files) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    fs.writeFileSync(path.join(folder, file), '')
  }
  return folder
}

const cwd = folderWith(FILES)

describe('names that are found by a pattern', () => {
  it.each([
    '*',
    '*.txt',
    './*.txt',
    '**',
    '**/*.txt',
    'd/*',
    'd/**',
    'd/**/*.txt',
    '*/*/*.txt',
    '{a,b}.*',
    '{d/c,n/p/q}.txt',
    '.hid*',
    'd',
    'd/c.txt',
    'nothing',
    'nowhere/*.txt',
    path.join(cwd, '*.txt'),
    path.join(cwd, '**', 'c.txt'),
  ])('%s: the same as Node finds', (pattern) => {
    expect(globbed(pattern, { cwd }).toSorted()).toEqual(fs.globSync(pattern, { cwd }).toSorted())
  })

  it('of several patterns, each once; and none that is excluded', () => {
    expect(globbed(['*.txt', 'a.*', '*.md'], { cwd }).toSorted()).toEqual(['a.txt', 'b.md'])
    const exclude = (name: string | fs.Dirent): boolean => path.basename(String(name)) === 'd'
    for (const excluded of [exclude, ['d', '**/q.txt']]) {
      expect(globbed('**/*.txt', { cwd, exclude: excluded }).toSorted()).toEqual(
        fs.globSync('**/*.txt', { cwd, exclude: excluded }).toSorted(),
      )
    }
  })

  it('as entries, where they are asked for', () => {
    const entries = globbed('d/*.txt', { cwd, withFileTypes: true })
    expect(entries.map((each) => (typeof each === 'string' ? each : [each.name, each.isFile()]))).toEqual([
      ['c.txt', true],
    ])
  })
})
