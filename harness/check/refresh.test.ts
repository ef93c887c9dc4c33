import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Counterexample } from '../core/counterexample.ts'
import { refreshFile } from './refresh.ts'

const MUSEUM = path.resolve(import.meta.dirname, '../../scenarios/museum')
const PIECE = path.join(MUSEUM, 'commit-while-stopping.json')

let file = ''

function change(changed: (content: Counterexample) => Partial<Counterexample>): void {
  const content = JSON.parse(readFileSync(PIECE, 'utf8')) as Counterexample
  const scenario = { ...content.scenario, file: path.join(MUSEUM, content.scenario.file) }
  writeFileSync(file, JSON.stringify({ ...content, scenario, ...changed(content) }))
}

function kept(): Counterexample {
  return JSON.parse(readFileSync(file, 'utf8')) as Counterexample
}

beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'onceover-')), 'replay.json')
  cpSync(PIECE, file)
})

describe('a replay file whose history is another one today', () => {
  it('gets the history of today where the violation is the same', async () => {
    const { historyHash, violation } = JSON.parse(readFileSync(PIECE, 'utf8')) as Counterexample
    change(() => ({ historyHash: '0'.repeat(64), violation: { ...violation, events: [] } }))
    expect(await refreshFile(file, { trust: true })).toEqual({ outcome: 'refreshed' })
    expect(kept()).toMatchObject({ historyHash, violation })
    expect(await refreshFile(file, { trust: true })).toEqual({ outcome: 'unchanged' })
  })

  it('gets the story and the versions of today', async () => {
    const { explanation, made } = JSON.parse(readFileSync(PIECE, 'utf8')) as Counterexample
    const continuations = [{ step: 1, failed: 0, of: 6 }]
    const olden = { historyHash: '0'.repeat(64), made: { ...made, harness: '0.0.0' } }
    change(() => ({ ...olden, explanation: { ...explanation, continuations } }))
    await refreshFile(file, { trust: true })
    const { harness, node, client } = kept().made
    expect({ harness, node, client }).toEqual({ ...made, node: process.version })
    expect(kept().explanation).toEqual({ ...explanation, continuations })
    // Continuations go by the number of a line: with another story they are worth nothing.
    const story = explanation.story.slice(1)
    change(() => ({ ...olden, explanation: { ...explanation, story, continuations } }))
    await refreshFile(file, { trust: true })
    expect(kept().explanation).toEqual(explanation)
  })

  it('stays as it is where it shows another violation of the same property', async () => {
    change(({ violation }) => ({ violation: { ...violation, message: 'orders/0@9 is lost' } }))
    const before = readFileSync(file, 'utf8')
    expect(await refreshFile(file, { trust: true })).toMatchObject({ outcome: 'refused' })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('stays as it is where it shows another property, in the same words', async () => {
    change(({ violation }) => ({ violation: { ...violation, property: 'out-of-order' } }))
    expect(await refreshFile(file, { trust: true })).toMatchObject({ outcome: 'refused' })
  })

  it('stays as it is where it shows the property no longer', async () => {
    change(({ schedule }) => ({ schedule: { ...schedule, faults: [], holds: [] } }))
    const before = readFileSync(file, 'utf8')
    expect(await refreshFile(file, { trust: true })).toMatchObject({ outcome: 'refused' })
    expect(readFileSync(file, 'utf8')).toBe(before)
  })
})
