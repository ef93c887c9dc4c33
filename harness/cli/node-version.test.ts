import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NODE_NEEDED, nodeTooOld } from './node-version.ts'

describe('the version of Node', () => {
  it('is the one that package.json asks for', () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')
    const { engines } = JSON.parse(text) as { engines: { node: string } }
    expect(engines.node).toBe(`>=${NODE_NEEDED}`)
  })

  it.each(['v20.20.2', 'v22.9.0', 'v22.21.9'])(
    '%s is too old, and the sentence says what to type',
    (version) => {
      expect(nodeTooOld(version)).toBe(
        `Node 22.22 or later is needed, and this is ${version}; install a newer one, or type npm install --save-dev node@24 to have it in this project only`,
      )
    },
  )

  it.each(['v22.22.0', 'v23.0.0', 'v24.1.0', 'v100.0.0'])('%s is new enough', (version) => {
    expect(nodeTooOld(version)).toBeNull()
  })
})
