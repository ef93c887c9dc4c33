import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { runMain } from './cli/testing/run-main.ts'

const root = path.resolve(import.meta.dirname, '..')
const readme = readFileSync(path.join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}))

/** How long shrinking took is not the same twice. */
const timeless = (text: string): string => text.replace(/\(\d[\d.,]* m?s\)/g, '(… ms)')

describe('the README', () => {
  it('shows the bundled example as it is', () => {
    const shown = blocks.filter(({ text }) => text.startsWith('// scenarios/'))
    expect(shown).toHaveLength(3)
    for (const { text } of shown) {
      const [first = '', ...rest] = text.split('\n')
      expect(rest.join('\n')).toBe(readFileSync(path.join(root, first.slice('// '.length)), 'utf8'))
    }
  })

  it('shows what the main command prints, and that it ends with exit code 1', async () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      scripts: { start: string }
    }
    const [program, ...args] = scripts.start.split(' ').slice(2)
    expect(program).toBe('harness/cli/main.ts')
    const { code, stdout } = await runMain(args)
    expect(code).toBe(1)
    const [expected] = blocks.filter(({ text }) => text.startsWith('✗'))
    expect(timeless(stdout).trim()).toBe(timeless(expected?.text ?? '').trim())
  })

  it('names only files that are there', () => {
    const named = [...readme.matchAll(/`((?:harness|scenarios|properties|reports)\/[\w./-]+)`/g)].map(
      ([, name = '']) => name,
    )
    expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([])
  })
})
