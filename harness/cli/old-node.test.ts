import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { oldNode } from './old-node.ts'

it('a Node that is too old is told so, by the version of package.json', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly engines: { readonly node: string }
  }
  const needed = engines.node.replace('>=', '')
  expect([`${needed}.0`, '24.0.0', '100.1.0'].map(oldNode)).toEqual([null, null, null])
  expect(oldNode('22.9.0')).toContain(`needs Node ${needed} or later, and this is 22.9.0`)
  expect(oldNode('20.20.2')).toContain('npm install --save-dev node@24')
})
